"""R model formulas of the kind ``~ patient + timepoint * sex + (1 | donor)``: read by a grammar, never evaluated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations

NAME = r"[A-Za-z_.][A-Za-z0-9_.]*"
TERM = re.compile(rf"{NAME}(\s*[:*]\s*{NAME})*")
BLOCK = re.compile(rf"\(\s*1\s*\|\s*({NAME})\s*\)")
UNSAFE = re.compile(r"[^A-Za-z0-9._]")
MOST = 500
"""Characters of a formula."""


@dataclass(frozen=True)
class Formula:
    """Terms of a model with an intercept: each a set of columns; and the columns that are random intercepts."""

    terms: frozenset[frozenset[str]]
    blocks: frozenset[str] = frozenset()

    def __str__(self) -> str:
        fixed = sorted(":".join(sorted(term)) for term in self.terms)
        return f"~ {' + '.join([*fixed, *(f'(1 | {name})' for name in sorted(self.blocks))])}"


def parse_formula(text: str) -> Formula:
    """Read a formula of names joined by ``+``, ``:`` and ``*``, and of terms ``(1 | name)``.

    Raises
    ------
    ValueError
        With the first term that is anything else.
    """
    start, tilde, right = text.strip().partition("~")
    if start or not tilde or len(text) > MOST:
        raise ValueError(text[:80])
    terms: set[frozenset[str]] = set()
    blocks: set[str] = set()
    for part in right.split("+"):
        term = part.strip()
        if block := BLOCK.fullmatch(term):
            blocks.add(block[1])
        elif TERM.fullmatch(term) and not (":" in term and "*" in term):
            terms |= _expanded(term)
        else:
            raise ValueError(term or "+")
    return Formula(frozenset(terms), frozenset(blocks))


def _expanded(term: str) -> set[frozenset[str]]:
    if ":" in term:
        return {frozenset(name.strip() for name in term.split(":"))}
    names = sorted({name.strip() for name in term.split("*")})
    if len(names) > 3:  # every combination of many columns is no model of a small study
        raise ValueError(term)
    return {frozenset(some) for size in range(1, len(names) + 1) for some in combinations(names, size)}


def r_name(text: str) -> str:
    """Return `text` as R writes it within the name of a coefficient."""
    return UNSAFE.sub(".", text)
