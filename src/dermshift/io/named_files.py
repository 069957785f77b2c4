"""Which file belongs to which sample: by the sheet, else by the name of the file."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from dermshift.checks.finding import capped, listed
from dermshift.checks.name_variants import in_words, variants
from dermshift.errors import FormatError, Problem
from dermshift.io.decode import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WHOLE_NAMES = ("quant.sf", "abundance.tsv", "abundance.h5", "readspergene.out.tab")
ENDINGS = (".txt", ".tsv", ".tab", ".csv", ".counts", ".count", ".htseq", ".sf", ".h5")
EXPECTED = "the name of a file in the folder of the matrix"


@dataclass(frozen=True)
class Assigned:
    """The file of each sample, in the order of the sheet, and the files no sample has, by their names."""

    files: dict[str, Path]
    surplus: dict[str, Path]


def named_files(folder: str, named: Mapping[str, str]) -> dict[str, Path]:
    """Return the files the sheet names, each below `folder`.

    Raises
    ------
    FormatError
        A name that is blank, leads out of the folder or to nothing, or is given twice; all of them.
    """
    problems = []
    twice = {name for name, count in Counter(named.values()).items() if count > 1}
    for sample, name in named.items():
        where = f"{folder}, file of sample '{sample}'"
        if found := _unsafe(name):
            action = "Give the name as it is inside the folder."
            problems.append(Problem(where, f"'{name}': {found}", EXPECTED, action))
        elif not (Path(folder) / name).is_file():
            problems.append(Problem(where, f"no file '{name}'", EXPECTED, "Correct the name in the sheet."))
        elif name in twice:
            problems.append(
                Problem(where, f"'{name}', also of another sample", "a file of its own", "Correct the sheet.")
            )
    if problems:
        raise FormatError(*capped(problems))
    return {sample: Path(folder) / name for sample, name in named.items()}


def _unsafe(name: str) -> str:
    # Read as a Windows path, either slash parts it and a drive counts as absolute.
    path = PureWindowsPath(name)
    if not name.strip() or "\x00" in name:
        return "no name"
    if path.anchor:
        return "a path from the root"
    return "a path out of the folder" if ".." in path.parts else ""


def name_of(path: Path) -> str:
    """Return the name of the sample a file goes by: what stands before the usual endings, else its folder's name."""
    stem = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
    whole = next((name for name in WHOLE_NAMES if stem.lower().endswith(name)), "")
    stem = stem[: len(stem) - len(whole)]
    while not whole and (ending := next((end for end in ENDINGS if stem.lower().endswith(end)), "")):
        stem = stem[: -len(ending)]
    return stem.rstrip("._-") or path.parent.name


def assign(folder: str, files: Sequence[Path], samples: Sequence[str]) -> Assigned:
    """Give each sample its file: the one of its name, else the only one whose path holds its name as a word.

    Raises
    ------
    FormatError
        No sample has a file, or some have several.
    """
    owned: dict[str, list[Path]] = defaultdict(list)
    wanted = dict.fromkeys(samples)
    surplus: dict[str, Path] = {}
    left: list[Path] = []
    for path in files:
        (owned[name_of(path)] if name_of(path) in wanted else left).append(path)
    free = [sample for sample in wanted if sample not in owned]
    for path in left:
        fits = _words(path.relative_to(folder).as_posix(), free)
        if fits:
            owned[fits].append(path)
        else:
            surplus[name_of(path) if name_of(path) not in surplus else str(path.relative_to(folder))] = path
    _need_one_each(folder, owned)
    if not owned and (pairs := variants(wanted, surplus)):
        action = "Write the names in one way: rename the files or the samples of the sheet."
        raise refuse(folder, in_words(pairs, len(wanted)), "files named by the samples of the sheet", action)
    if not owned:
        found = f"files of {listed(surplus, 5)}; sheet: {listed(wanted, 5)}"
        action = "Use the same names, or name the file of each sample in the sheet (columns: file)."
        raise refuse(folder, found, "files named by the samples of the sheet", action)
    return Assigned({sample: owned[sample][0] for sample in wanted if sample in owned}, surplus)


def _words(path: str, samples: Sequence[str]) -> str:
    """Return the longest of the samples that stands in a path between signs that are no letters or digits."""
    hits = [name for name in samples if re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", path)]
    return max(hits, key=len, default="")


def _need_one_each(folder: str, owned: Mapping[str, list[Path]]) -> None:
    problems = [
        Problem(
            f"{folder}, sample '{sample}'",
            f"{len(paths)} files: {listed(path.relative_to(folder) for path in paths)}",
            "one file",
            "Remove or rename the others, or name the file of each sample in the sheet (columns: file).",
        )
        for sample, paths in owned.items()
        if len(paths) > 1
    ]
    if problems:
        raise FormatError(*capped(problems))
