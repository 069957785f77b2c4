"""README.txt: what is in a bundle, for whoever receives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dermshift import __version__
from dermshift.report.inventory import FILES, described
from dermshift.report.words import percent, plain, whole

if TYPE_CHECKING:
    from collections.abc import Iterable

SYNTHETIC = "THE DATA ARE SYNTHETIC: a program made them. They say nothing about people."
LEGEND = """\
A file name says which question it answers: response (everyone), response_sex_male (men only),
response_compartment_dermis (one site), difference_sex_male_vs_female (men minus women). Positive = higher after than
before; in a difference, higher in the first than in the second. NA, or an empty cell in the workbook, means not
computed, never zero."""
CHECKING = """\
With Python on the machine, nothing else:    python3 verify.py            (here, in the unpacked folder)
                                             python3 verify.py bundle.zip (a copy of verify.py beside the zip)
With dermshift installed:                    dermshift verify bundle.zip

Either compares every file with manifest.json and computes the headline numbers again from the tables. That finds what
was lost or changed on the way. It cannot know who made the bundle: someone could write a new manifest and a new
verify.py as well. To be sure, compare the sha256 of manifest.json that it prints with the number the sender tells you
in another way, and use a verify.py of your own."""


def readme(study: str, headline: dict[str, Any], names: Iterable[str], *, synthetic: bool, comparison: str) -> str:
    """Return README.txt.

    Parameters
    ----------
    headline
        As `report.headline.headline` returns it.
    names
        Every file of the bundle.
    comparison
        What is compared with what, e.g. ``week1 vs baseline``.
    """
    title = f"{plain(study)}: {comparison}"
    patterns = {described(name)[0] for name in names}
    listed = [(pattern, words) for pattern, words in FILES if pattern in patterns]
    wide = max(len(pattern) for pattern, _ in listed)
    parts = [
        f"{title}\n{'=' * len(title)}\n\nResults of dermshift {__version__}.",
        *([SYNTHETIC] if synthetic else []),
        _section(f"Genes at FDR {percent(headline['alpha'])}", _counts(headline)),
        _section("What is what", "\n".join(f"{pattern:<{wide}}  {words}" for pattern, words in listed)),
        _section("How to read it", LEGEND),
        _section("Is it whole and unchanged?", CHECKING),
    ]
    return "\n\n".join(parts) + "\n"


def _section(title: str, text: str) -> str:
    return f"{title}\n{'-' * len(title)}\n{text}"


def _counts(headline: dict[str, Any]) -> str:
    rows = [("", "patients", "tested", "up", "down")]
    numbers = ("patients", "tested", "up", "down")
    rows += [(item["title"], *(whole(item[name]) for name in numbers)) for item in headline["questions"]]
    wide = max(len(row[0]) for row in rows)
    return "\n".join(f"{row[0]:<{wide}}" + "".join(f"{cell:>10}" for cell in row[1:]) for row in rows)
