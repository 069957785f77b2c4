"""Cell types as names that are safe in a path: a stated rule, and two types never share a name."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from dermshift.checks.finding import capped
from dermshift.errors import Problem
from dermshift.names import SAFE_ID

if TYPE_CHECKING:
    from collections.abc import Iterable

RULE = "accents are dropped, '+' becomes 'pos', any other run of signs than letters, digits, '.', '-' becomes '_'"
SIGNS = re.compile(r"[^A-Za-z0-9.-]+")


def safe_name(label: str) -> str:
    """Return a cell type as `RULE` writes it; "" where no letter or digit is left."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", label) if not unicodedata.combining(sign))
    return SIGNS.sub("_", plain.replace("+", "pos")).lstrip("._-").rstrip("_")


def safe_names(labels: Iterable[str], where: str) -> tuple[dict[str, str], list[Problem]]:
    """Return the safe name of every label, and a problem for each that has none or shares it."""
    names = {label: safe_name(label) for label in sorted(labels)}
    sharing: dict[str, list[str]] = {}
    for label, name in names.items():
        sharing.setdefault(name.lower(), []).append(label)
    problems = []
    for same in sharing.values():
        name = names[same[0]]
        expected = f"one name per cell type in file names, where {RULE}"
        if not SAFE_ID.fullmatch(name):
            problems.append(Problem(where, repr(same[0]), "a name with a letter or digit", "Rename the cell type."))
        elif len(same) > 1:
            found = f"{' and '.join(map(repr, same))}, both written '{name}'"
            problems.append(Problem(where, found, expected, "Rename all but one of them, or merge them."))
    return names, capped(problems)
