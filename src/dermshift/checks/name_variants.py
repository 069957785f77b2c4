"""Names that one program wrote in another spelling: case, dots for dashes, R's leading X, the name of a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ENDINGS = re.compile(r"(\.(sorted|dedup|markdup|aligned\w*|out|fastq|fq|bam|sam|cram|txt|tsv|csv|gz))+$")
SHOWN = 3


def plain_form(name: str) -> str:
    """Return what stays of a name once it went through a file name, R's ``make.names`` and upper or lower case."""
    bare = name.strip().replace("\\", "/").rsplit("/", 1)[-1].lower()
    bare = ENDINGS.sub("", bare)
    # R puts an X before a name that does not start with a letter.
    bare = re.sub(r"^x(?=[\d_.])", "", bare)
    return re.sub(r"[\W_]+", "", bare)


def variants(names: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """Map each of `names` to the one of `others` that is the same but for its spelling, where there is just one.

    Parameters
    ----------
    names, others
        Names that occur on one side only.
    """
    forms: dict[str, set[str]] = {}
    for other in others:
        forms.setdefault(plain_form(other), set()).add(other)
    wanted: dict[str, set[str]] = {}
    for name in names:
        wanted.setdefault(plain_form(name), set()).add(name)
    return {
        next(iter(own)): next(iter(forms[form]))
        for form, own in wanted.items()
        if form and len(own) == 1 and len(forms.get(form, ())) == 1 and own != forms[form]
    }


def in_words(pairs: dict[str, str], total: int) -> str:
    """Say which names of the sheet are which of the matrix: the first three, and of how many."""
    shown = ", ".join(f"'{name}' is '{other}'" for name, other in list(pairs.items())[:SHOWN])
    more = ", ..." if len(pairs) > SHOWN else ""
    return f"{len(pairs)} of {total} names of the sheet are in the matrix in another spelling: {shown}{more}"
