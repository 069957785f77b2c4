"""Make docs/licences.md: every package that constraints.txt can bring, its licence, and what needs it.

    make licences

Licences are read from the metadata of the installed packages; a package that is not installed here is listed by name.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"

ALLOWED = (
    *("0BSD", "Apache", "BSD", "CC0-1.0", "ISC", "MIT", "Public Domain", "W3C", "Zlib"),
    *("MPL-2.0", "Mozilla Public License 2.0", "PSF-2.0", "Python Software Foundation License"),
    *("GPL-3.0", "GNU General Public License v3", "LGPL-3.0", "GNU Lesser General Public License v3"),
    "GNU General Public License (GPL",  # docutils: one file, any version
)
"""How the names of licences begin under which a part may be combined with a work under GPL-3.0-or-later, as the Free
Software Foundation's list of licences says."""
BEGINNINGS = tuple(name.lower() for name in ALLOWED)
NOT_ALLOWED = re.compile(r"apache[^,]* 1\b|apache-1|bsd-4|4-clause|original bsd", re.IGNORECASE)
"""Older versions of the same licences, which may not."""

HEAD = """# Licences of the packages dermshift rests on

Made by `make licences` from the metadata of the installed packages; `constraints.txt` has their versions, and each
package carries its own text. dermshift itself is GPL-3.0-or-later, and every licence below may be combined with it (a
test holds them to a list of such licences). *run*: a study needs it; *dev*: tests and checks alone; another word is an
extra of `pyproject.toml`.

| package | licence | for |
|---|---|---|
"""
ABSENT = """
Not installed where this page was made: what another system, another Python or `make notebook` would bring. None of them
takes part in a run on Linux with Python 3.11. Their licences are in their own metadata.

"""


def canonical(text: str) -> str:
    """Return the name in `text`, a requirement or a name, as constraints.txt writes it."""
    found = re.match(r"[A-Za-z0-9._-]+", text.strip())
    return canonicalize_name(found[0] if found else text)


def installed(name: str) -> Distribution | None:
    """Return the installed package, or None."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def closure(wanted: list[str]) -> set[str]:
    """Return the names of the installed packages that the requirements `wanted` bring, themselves included."""
    found: set[tuple[str, str]] = set()
    ahead = [Requirement(text) for text in wanted]
    while ahead:
        asked = ahead.pop()
        package = installed(asked.name)
        for extra in {"", *asked.extras}:
            key = (canonical(asked.name), extra)
            if key in found or package is None or not _holds(asked, ""):
                continue
            found.add(key)
            brought = [Requirement(text) for text in package.requires or ()]
            ahead += [_bare(further) for further in brought if _holds(further, extra)]
    return {name for name, _ in found}


def _holds(asked: Requirement, extra: str) -> bool:
    return asked.marker is None or asked.marker.evaluate({"extra": extra})


def _bare(asked: Requirement) -> Requirement:
    asked.marker = None
    return asked


def licence(package: Distribution) -> str:
    """Return what a package says of its licence: expression, classifiers, first line of its field or of its text."""
    said = package.metadata
    classifiers = [text.split(" :: ")[-1] for text in said.get_all("Classifier", []) if text.startswith("License ::")]
    classifiers = [text for text in classifiers if text != "OSI Approved"]
    field = (said.get("License") or "").strip().splitlines()[:1]
    texts = [path for path in package.files or () if re.match(r"(licen[cs]e|copying)", path.name, re.IGNORECASE)]
    lines = [str(path.locate().read_text(encoding="utf-8")).strip().splitlines()[0] for path in texts[:1]]
    known = said.get("License-Expression") or ", ".join(classifiers) or "".join(field) or "".join(lines)
    return known.removeprefix("The ") or "not said"


def compatible(said: str) -> bool:
    """Return whether every part of a licence may be combined with GPL-3.0-or-later."""
    parts = [part.strip("() ") for part in re.split(r" AND | OR |, (?!Version)", said)]
    return all(part.lower().startswith(BEGINNINGS) and not NOT_ALLOWED.search(part) for part in parts)


def requirements() -> dict[str, list[str]]:
    """Return what a run needs (`run`) and what each extra adds, as pyproject.toml says; `dev` before other extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    return {"run": project["dependencies"], "dev": extras["dev"], **extras}


def pinned() -> list[str]:
    """Return the names in constraints.txt, each once."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return sorted({canonical(line) for line in lines})


def page() -> str:
    """Return the page."""
    uses = {use: closure(wanted) for use, wanted in requirements().items()}
    rows, absent = [], []
    for name in pinned():
        package = installed(name)
        use = next((use for use, names in uses.items() if name in names), None)
        if package is None or use is None:
            absent.append(f"`{name}`")
        else:
            rows.append(f"| {name} | {licence(package)} | {use} |\n")
    return HEAD + "".join(rows) + ABSENT + ", ".join(absent) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
