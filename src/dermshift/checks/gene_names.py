"""Gene names that a spreadsheet turned into dates or numbers."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dermshift.checks.finding import Finding, counted, judged, listed
from dermshift.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dermshift.checks.views import MatrixView

MONTHS = "|".join(name for name in calendar.month_abbr if name)
DAY_MONTH = re.compile(rf"(\d{{1,2}})[-. /]({MONTHS})[a-z]*\.?([-. /]\d{{2,4}})?", re.IGNORECASE)
MONTH_DAY = re.compile(rf"({MONTHS})[a-z]*[-. /](\d{{1,2}})", re.IGNORECASE)
ISO = re.compile(r"(?:19|20)\d{2}[-/](\d{1,2})[-/](\d{1,2})([ T]00:00(:00)?)?")
SLASHED = re.compile(r"\d{1,2}/\d{1,2}/(\d{2}|\d{4})")
SERIAL = re.compile(r"[34]\d{4}")
EXPONENT = re.compile(r"\d(\.\d+)?E\+\d{2}", re.IGNORECASE)
FIRST_DAY = date(1899, 12, 30)
"""Day 0 of spreadsheet serial numbers."""


def meaning(name: str, *, numbers_are_names: bool) -> str | None:
    """Return what a mangled gene name was, in words, or None for a sound name.

    Parameters
    ----------
    numbers_are_names
        The matrix uses numbers as identifiers, so a five-digit number is no date.
    """
    if match := DAY_MONTH.fullmatch(name):
        return _gene(_month(match[2]), int(match[1]))
    if match := MONTH_DAY.fullmatch(name):
        return _gene(_month(match[1]), int(match[2]))
    if match := ISO.fullmatch(name):
        return _gene(int(match[1]), int(match[2]))
    if SLASHED.fullmatch(name):
        return "a name of a month and a number"
    if SERIAL.fullmatch(name) and not numbers_are_names:
        day = FIRST_DAY + timedelta(days=int(name))
        return _gene(day.month, day.day)
    return "an identifier with an E between digits" if EXPONENT.fullmatch(name) else None


def _month(text: str) -> int:
    return [name.lower() for name in calendar.month_abbr].index(text[:3].lower())


def _gene(month: int, number: int) -> str:
    if not 1 <= month <= len(calendar.month_name) - 1:
        return "a name of a month and a number"
    short, full = calendar.month_abbr[month].upper(), calendar.month_name[month].upper()
    if short == "SEP":
        # The one month that gene names cut to four letters.
        return f"{full[:4]}{number}"
    return " or ".join(f"{stem}{number}" for stem in dict.fromkeys((full, short)) if len(stem) <= 5)


def mangled(names: Iterable[str]) -> dict[str, str]:
    """Return the mangled names among `names`, with what each was."""
    every = list(dict.fromkeys(names))
    numeric = sum(name.isdigit() for name in every)
    found = ((name, meaning(name, numbers_are_names=numeric > len(every) / 2)) for name in every)
    return {name: was for name, was in found if was is not None}


def check_gene_names(view: MatrixView) -> Finding:
    """No gene name was turned into a date or a number by a spreadsheet."""
    problems = []
    identifiers, symbols = view.genes["gene_id_original"], view.genes["gene_symbol"]
    apart = symbols[symbols.to_numpy() != identifiers.to_numpy()]  # symbols that are the identifiers are named once
    for column, names in (("gene identifiers", identifiers), ("gene symbols", apart)):
        wrong = mangled(str(name) for name in names)
        if wrong:
            cases = listed((f"{name} (was {was})" for name, was in wrong.items()), 50)
            action = "Take the matrix from the software that made it, without a spreadsheet in between."
            found = f"{counted(len(wrong), 'name')} a spreadsheet turned into dates or numbers: {cases}"
            problems.append(Problem(f"{view.path}, {column}", found, "gene names", action))
    return judged("gene_names", problems, "no gene name looks like a date or a number")
