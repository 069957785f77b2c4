"""Check a bundle with Python alone (3.8 or newer): python3 verify.py [bundle.zip or its unpacked folder].

Every file is hashed and compared with manifest.json, and the headline numbers are computed again from the tables.
Nothing is unpacked. A bundle carries a copy of this file, which therefore imports the standard library only.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
import stat
import struct
import sys
import zipfile
import zlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Reason = tuple[str, str, str, str]
    Files = dict[str, int]
    Read = Callable[[str, int], bytes]
    Rows = list[dict[str, str]]

MANIFEST = "manifest.json"
"""The one file no hash is kept of: its own sha256 stands for the whole bundle."""
SMALL = 64 * 2**20
MOST_EXPANSION = 100
"""A bundle unpacks to three to five times its size; a zip that claims a hundred times is no bundle."""
LEFT_BY_DESKTOPS = (".DS_Store", "Thumbs.db", "desktop.ini")
AGAIN = "Get the bundle again from whoever made it, or make it again."
UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
"""What a damaged zip makes the standard library raise."""
MISSHAPEN = (KeyError, IndexError, TypeError, AttributeError, csv.Error)


class Refused(Exception):  # noqa: N818 -- what happens to the bundle
    """A bundle is not what it claims to be; `reasons` says of each fault where, found, expected, what to do."""

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons
        shape = "{}\n  found:    {}\n  expected: {}\n  do:       {}"
        super().__init__("\n".join(shape.format(*reason) for reason in reasons))


def verify(path: Path) -> list[str]:
    """Return what was checked, line by line.

    Raises
    ------
    Refused
        The file is no bundle; files are missing, added or changed; or numbers do not follow from the tables.
    """
    if path.is_dir():
        return _verified(path, _folder(path), lambda name, _: (path / name).read_bytes())
    try:
        packed = zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise Refused((str(path), f"no zip that can be read: {error}", "a whole bundle.zip", AGAIN)) from error
    with packed:
        top, files = _entries(path, packed)
        return _verified(path, files, lambda name, most: packed.open(top + name).read(most))


def _verified(path: Path, files: Files, read: Read) -> list[str]:
    content, manifest = _manifest(path, read)
    faults = _differences(path, files, read, manifest["files"])
    if faults:  # numbers of changed tables would say the same twice
        raise Refused(*faults)
    try:
        faults, said = _headline(path, read, manifest)
    except (*MISSHAPEN, ValueError) as error:
        found = f"headline numbers that cannot be computed again: {error!r}"
        raise Refused((_at(path, MANIFEST), found, "headline and tables as dermshift writes them", AGAIN)) from error
    if faults:
        raise Refused(*faults)
    whole = f"{path}: {len(manifest['files'])} files, each as in {MANIFEST}"
    return [whole, *said, f"sha256 of {MANIFEST}: {hashlib.sha256(content).hexdigest()}"]


def _entries(path: Path, packed: zipfile.ZipFile) -> tuple[str, Files]:
    """Return the top folder of a zip, and the size of every file below it."""
    entries = packed.infolist()
    names = Counter(entry.orig_filename for entry in entries)
    top = next(iter(names), "").split("/")[0] + "/"
    faults = [(name, what) for entry in entries for name, what in _entry_faults(entry, top)]
    faults += [(name, "the same name more than once") for name, times in names.items() if times > 1]
    if faults:
        raise Refused(*((_at(path, name), what, "a plain file of one folder, once", AGAIN) for name, what in faults))
    size = sum(entry.file_size for entry in entries)
    if size > SMALL + MOST_EXPANSION * path.stat().st_size:
        most = f"at most {MOST_EXPANSION} times the size of the zip"
        raise Refused((str(path), f"{size:,} bytes once unpacked", most, f"Do not unpack it. {AGAIN}"))
    return top, {entry.orig_filename[len(top) :]: entry.file_size for entry in entries}


def _entry_faults(entry: zipfile.ZipInfo, top: str) -> list[tuple[str, str]]:
    name, kind = entry.orig_filename, stat.S_IFMT(entry.external_attr >> 16)
    faults = (
        (not _is_plain(name), "a name that may lead out of the folder it is unpacked to"),
        (not name.startswith(top), f"a file outside the folder {_shown(top)}"),
        (kind not in (0, stat.S_IFREG), "a link or device"),
        (entry.flag_bits & 1, "a file locked with a password"),
        (entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), "packed in a way bundles are not"),
    )
    return [(name, what) for wrong, what in faults if wrong]


def _is_plain(name: str) -> bool:
    """Tell whether a name stays below its folder on every system."""
    return name.isprintable() and not re.search(r'[\\:*?"<>|]', name) and not {"", ".", ".."} & set(name.split("/"))


def _folder(path: Path) -> Files:
    """Return the size of every file below a folder."""
    found = [(item.relative_to(path).as_posix(), item) for item in sorted(path.rglob("*"))]
    links = [(_at(path, name), "a link", "a plain file", AGAIN) for name, item in found if item.is_symlink()]
    if links:
        raise Refused(*links)
    return {name: item.stat().st_size for name, item in found if item.is_file() and item.name not in LEFT_BY_DESKTOPS}


def _manifest(path: Path, read: Read) -> tuple[bytes, dict[str, Any]]:
    try:
        content = read(MANIFEST, SMALL)
        manifest = json.loads(content.decode("utf-8"))
        bad = [name for name, facts in manifest["files"].items() if not _is_listed(name, facts)]
    except (*MISSHAPEN, *UNREADABLE) as error:
        found = f"no {MANIFEST} that can be read: {error!r}"
        raise Refused((str(path), found, "a bundle with its manifest", AGAIN)) from error
    if bad:
        raise Refused(*((_at(path, MANIFEST), f"no sha256 and size of {_shown(n)}", "both", AGAIN) for n in bad))
    return content, manifest


def _is_listed(name: str, facts: Any) -> bool:
    sound = re.fullmatch("[0-9a-f]{64}", facts["sha256"]) and type(facts["bytes"]) is int and facts["bytes"] >= 0
    return bool(sound) and _is_plain(name) and name != MANIFEST


def _differences(path: Path, files: Files, read: Read, listed: dict[str, Any]) -> list[Reason]:
    found = [(name, "missing") for name in sorted(set(listed) - set(files))]
    found += [(name, f"not in {MANIFEST}") for name in sorted(set(files) - set(listed) - {MANIFEST})]
    both = sorted(set(files) & set(listed))
    found += [(name, what) for name in both for what in _changed(name, files[name], read, listed[name])]
    return [(_at(path, name), what, f"as in {MANIFEST}", AGAIN) for name, what in found]


def _changed(name: str, size: int, read: Read, facts: dict[str, Any]) -> list[str]:
    if size != facts["bytes"]:
        return [f"changed: {size:,} bytes instead of {facts['bytes']:,}"]
    try:
        content = read(name, size + 1)
    except UNREADABLE as error:
        return [f"damaged: {error}"]
    return [] if hashlib.sha256(content).hexdigest() == facts["sha256"] else ["changed: another sha256"]


def _at(path: Path, name: str) -> str:
    return f"{path}: {_shown(name)}"


def _shown(name: str) -> str:
    """Return a name that cannot move the cursor of a terminal."""
    return name if name.isprintable() else ascii(name)


def _headline(path: Path, read: Read, manifest: dict[str, Any]) -> tuple[list[Reason], list[str]]:
    """Compute the headline numbers from the tables; return what disagrees with the manifest, and what agrees."""
    headline, faults = manifest["headline"], []
    said = [f"genes tested, up and down (FDR below {headline['alpha']}) by question:"]
    configured = _table(read, manifest, "tables/configured_genes.tsv")
    asked = [card["id"] for card in json.loads(_text(read, manifest, "designs.json"))]
    if asked != [item["id"] for item in headline["questions"]]:
        faults.append((_at(path, MANIFEST), "a headline of other questions", "those of designs.json", AGAIN))
    for item in headline["questions"]:
        name = f"tables/{item['id']}.tsv"
        rows = _table(read, manifest, name)
        counted = _count(rows, headline["alpha"])
        own = [row for row in configured if row["question"] == item["id"]]
        found = [*_counts(item, counted), *_rates(rows), *_named(rows, own)]
        faults += [(_at(path, name), what, expected, AGAIN) for what, expected in found]
        said.append("  {tested:>7,} {up:>7,} {down:>7,}  {title}".format(title=_shown(item["title"]), **counted))
    rest = f"and {len(configured)} rows of named genes follow from the tables"
    return faults, [*said, f"these numbers, the false discovery rates {rest}"]


def _text(read: Read, manifest: dict[str, Any], name: str) -> str:
    return read(name, manifest["files"][name]["bytes"]).decode("utf-8")


def _table(read: Read, manifest: dict[str, Any], name: str) -> Rows:
    return list(csv.DictReader(io.StringIO(_text(read, manifest, name), newline=""), delimiter="\t", strict=True))


def _count(rows: Rows, alpha: float) -> dict[str, int]:
    tested = [row for row in rows if row["status"] == "tested"]
    passing = [float(row["log2_fold_change"]) for row in tested if float(row["fdr"]) < alpha]
    up = sum(change > 0 for change in passing)
    return {"tested": len(tested), "up": up, "down": len(passing) - up}


def _counts(item: dict[str, Any], counted: dict[str, int]) -> list[tuple[str, str]]:
    expected = f"as in the headline of {MANIFEST}: "
    return [(f"{n} genes {kind}", f"{expected}{item[kind]}") for kind, n in counted.items() if n != item[kind]]


def _rates(rows: Rows) -> list[tuple[str, str]]:
    """Compare the column fdr with Benjamini-Hochberg's adjustment of the p-values of the tested genes."""
    tested = [row for row in rows if row["status"] == "tested"]
    again = benjamini_hochberg([float(row["p_value"]) for row in tested])
    near = [math.isclose(float(row["fdr"]), value, rel_tol=1e-9) for row, value in zip(tested, again)]  # noqa: B905
    off = [row["gene_id"] for row, is_near in zip(tested, near) if not is_near]  # noqa: B905 -- newer than Python 3.8
    off += [row["gene_id"] for row in rows if row["status"] != "tested" and row["fdr"] != "NA"]
    found = f"{len(off)} genes whose fdr does not follow from p_value, e.g. {_shown(''.join(off[:1]))}"
    return [(found, "Benjamini-Hochberg over the tested genes")] if off else []


def benjamini_hochberg(p: list[float]) -> list[float]:
    """Return adjusted p-values: the smallest of p * m / rank over this and every larger p."""
    adjusted, smallest = [1.0] * len(p), 1.0
    for place, row in enumerate(sorted(range(len(p)), key=p.__getitem__, reverse=True)):
        smallest = min(smallest, p[row] * len(p) / (len(p) - place))
        adjusted[row] = smallest
    return adjusted


def _named(rows: Rows, own: Rows) -> list[tuple[str, str]]:
    """Compare the rows of the genes named in the configuration with those of the table of all genes."""
    flagged = {row["gene_id"]: row for row in rows if row["flag"] != "NA"}
    named = {row["gene_id"]: {key: cell for key, cell in row.items() if key != "question"} for row in own}
    off = sorted(gene for gene in {*flagged, *named} if flagged.get(gene) != named.get(gene))
    return [(f"another row of the gene {_shown(gene)}", "that of tables/configured_genes.tsv") for gene in off]


if __name__ == "__main__":
    try:
        print("\n".join(verify(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).resolve().parent)))  # noqa: T201
    except Refused as refused:
        print(refused, file=sys.stderr)  # noqa: T201
        sys.exit(2)
