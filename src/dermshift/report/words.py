"""Numbers and labels as text, and the words a report never uses."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from dermshift.report.facts import Card

FORBIDDEN = (
    r"\bcause[sd]?\b",
    r"\bcausing\b",
    r"\bdue to\b",
    r"\beffects? of (the )?(treatment|drug)\b",
    r"\btreatment effects?\b",
    r"\binduce[sd]?\b",
    r"\bsuppress(es|ed)\b",
    r"\bprove[sdn]?\b",
    r"\bconfirm(s|ed)\b",
    r"\bmediates\b",
    r"\bsignificantly\b",
)
"""A paired study without a control arm supports none of these (case-insensitive regular expressions)."""


def plain(text: object) -> str:
    """Return a label with blanks for underscores."""
    return str(text).replace("_", " ")


def percent(share: float) -> str:
    """Return a share as a percentage, e.g. ``5 %``."""
    return f"{share * 100:g} %"


def decimal(value: Any) -> str:
    """Return a log2 value or a score with two decimals, ``NA`` where missing."""
    return "NA" if pd.isna(value) else f"{float(value):.2f}"


def probability(value: Any) -> str:
    """Return a p-value or FDR with two significant digits, ``NA`` where missing."""
    return "NA" if pd.isna(value) else f"{float(value):.2g}"


def whole(value: Any) -> str:
    """Return an integer with thousands separators, ``NA`` where missing."""
    return "NA" if pd.isna(value) else f"{int(value):,}"


def text(value: Any) -> str:
    """Return text, ``NA`` where missing."""
    return "NA" if pd.isna(value) else str(value)


def interval(lower: Any, upper: Any) -> str:
    """Return e.g. ``0.36 to 1.22``, ``NA`` where either end is missing."""
    return "NA" if pd.isna(lower) or pd.isna(upper) else f"{decimal(lower)} to {decimal(upper)}"


def patients(card: Card) -> str:
    """Return e.g. ``12 patients (6 female, 6 male)``."""
    return f"{card['n_pairs']} patients{split(card)}"


def split(card: Card) -> str:
    """Return e.g. `` (6 female, 6 male)``; "" where there are no levels, or all patients have each of them."""
    sizes: dict[str, int] = card["n_by_level"]
    if len(sizes) < 2 or sum(sizes.values()) != card["n_pairs"]:
        return ""
    return " (" + ", ".join(f"{n} {plain(level)}" for level, n in sizes.items()) + ")"


def portable(value: Any) -> Any:
    """Return `value` with every absolute path in it cut to its file name, so that a bundle names no folder."""
    if isinstance(value, dict):
        return {key: portable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [portable(item) for item in value]
    if isinstance(value, str) and PurePosixPath(value).is_absolute():
        return PurePosixPath(value).name
    if isinstance(value, str) and PureWindowsPath(value).is_absolute():
        return PureWindowsPath(value).name
    return value
