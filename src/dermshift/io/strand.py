"""Which of STAR's three columns holds the counts: told by the counts themselves, or by the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.checks.finding import Finding, listed
from dermshift.io.decode import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

COLUMNS = ("unstranded", "forward", "reverse")
"""In the order of the file: all reads; those of which the first read, or the second, has the strand of the gene."""
STRANDED = 0.8
"""Share of the reads on one strand from which on a library is strand-specific (as nf-core/rnaseq has it)."""
UNSTRANDED = 0.55
"""Share on the larger strand up to which it is not (nf-core/rnaseq: the strands differ by at most .1)."""
FEWEST = 100
"""Reads below which a sample tells nothing."""


def chosen(
    path: str, sums: npt.NDArray[np.float64], samples: Sequence[str], stated: str
) -> tuple[str, tuple[Finding, ...]]:
    """Return the column to use, with the evidence.

    Parameters
    ----------
    sums
        Samples x columns: reads in genes.
    stated
        What the config says, ``auto`` for nothing.

    Raises
    ------
    FormatError
        Nothing is stated, and samples differ or do not tell.
    """
    forward = _share_forward(sums)
    looks = {name: _word(share) for name, share in zip(samples, forward, strict=True)}
    told = {name: word for name, word in looks.items() if word}
    texts = [f"{name} {share:.1%}" for name, share in zip(samples, forward, strict=True) if np.isfinite(share)]
    evidence = f"share of stranded reads on the forward strand: {listed(texts, 50) or 'no reads'}"
    words = sorted(set(told.values()))
    if stated != "auto":
        against = [f"{name} ({word})" for name, word in told.items() if word != stated]
        text = f"{stated}, as study.strand says; {evidence}"
        if against:
            return stated, (Finding("strand", "warning", f"{text}; the counts say otherwise in {listed(against, 50)}"),)
        return stated, (Finding("strand", "note", text),)
    if len(words) != 1 or words == ["unclear"]:
        _refuse(path, told, evidence)
    unsure = [name for name, word in looks.items() if not word]
    more = f"; too few reads to tell in {listed(unsure, 50)}" if unsure else ""
    return words[0], (Finding("strand", "note", f"{words[0]}; {evidence}{more}"),)


def _share_forward(sums: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    stranded = sums[:, 1] + sums[:, 2]
    with np.errstate(all="ignore"):
        share: npt.NDArray[np.float64] = np.where(stranded >= FEWEST, sums[:, 1] / stranded, np.nan)
    return share


def _word(share: float) -> str:
    if not np.isfinite(share):
        return ""
    if max(share, 1 - share) >= STRANDED:
        return "forward" if share > 0.5 else "reverse"
    return "unstranded" if max(share, 1 - share) <= UNSTRANDED else "unclear"


def _refuse(path: str, told: dict[str, str], evidence: str) -> None:
    by_word = {word: [name for name in told if told[name] == word] for word in sorted(set(told.values()))}
    groups = [f"{word}: {listed(names, 50)}" for word, names in by_word.items()]
    where = f"{path}, strand"
    found = f"{'; '.join(groups) or 'too few reads to tell'} ({evidence})"
    expected = f"one strandedness: {STRANDED:.0%} of the reads on one strand, or at most {UNSTRANDED:.0%} on either"
    action = "Set study.strand (unstranded, forward or reverse), or leave out the samples that differ."
    raise refuse(where, found, expected, action)
