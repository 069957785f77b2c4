"""Two sexes in log2 values of any platform: samples parted at the widest gap of their sex genes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FEMALE, MALE, INDETERMINATE = "female", "male", "indeterminate"
SEX_WORDS = {
    **dict.fromkeys(("f", "female", "w", "woman", "women"), FEMALE),
    **dict.fromkeys(("m", "male", "man", "men"), MALE),
}
"""How a sheet may write the two sexes, in lower case."""
SEX_GAP = 3.0
"""Smallest gap (log2) of the sex genes between two samples that parts the samples into two sexes."""
SIDE_GAP = 1.0
"""Smallest distance (log2) of the two groups in the genes of either sex alone; a judgement.

One poor sample without XIST among women opens a gap as wide as a man would, but its Y genes do not rise.
"""


@dataclass(frozen=True)
class Parting:
    """What the sex genes say of each sample.

    Parameters
    ----------
    calls
        ``female``, ``male`` or ``indeterminate`` per sample.
    gap
        Widest gap of the score, log2.
    lines
        By sex the level of its genes (mean log2) half way between the two groups; empty where samples do not part.
    reason
        Why the samples do not part, "" where they do.
    """

    calls: pd.Series[str]
    gap: float
    lines: dict[str, float] = field(default_factory=dict)
    reason: str = ""


def part_samples(levels: pd.DataFrame, sex_genes: Mapping[str, Sequence[str]]) -> Parting:
    """Call the sex of each sample without limits of a platform.

    `sex_sides` gives two groups. In the genes of each sex a line is drawn half way between the medians of the groups.
    Female is above the line of the female genes and below that of the male genes, male the reverse. Above both (a
    mixture of donors) or below both (a tumour of a man that lost its Y chromosome) is indeterminate.

    Parameters
    ----------
    levels
        Samples x genes, log2, one column per gene (`sex_levels.log2_levels`).
    sex_genes
        ``female`` and ``male``: the columns of the genes expressed in that sex; columns that are absent are passed
        over.
    """
    means = _means(levels, sex_genes)
    gap, _ = widest_gap(means[MALE] - means[FEMALE])
    sides = sex_sides(levels, sex_genes)
    unsure = pd.Series(INDETERMINATE, index=levels.index, dtype=object)
    if not sides.any():
        return Parting(unsure, gap, reason=f"the samples do not part into two sexes (widest gap {gap:.1f} log2)")
    female, male = (means[sides == sex].median() for sex in (FEMALE, MALE))
    for sex, apart in ((FEMALE, female[FEMALE] - male[FEMALE]), (MALE, male[MALE] - female[MALE])):
        if apart < SIDE_GAP:
            but = f"the {sex} genes are {apart:.1f} log2 apart between the two groups, {SIDE_GAP:.1f} are needed"
            return Parting(unsure, gap, reason=f"the samples part at a gap of {gap:.1f} log2, but {but}")
    lines = (female + male) / 2
    high, low = means > lines, means < lines
    calls = np.where(high[FEMALE] & low[MALE], FEMALE, np.where(high[MALE] & low[FEMALE], MALE, INDETERMINATE))
    drawn = {str(sex): float(line) for sex, line in lines.items()}
    return Parting(pd.Series(calls, index=levels.index, dtype=object), gap, drawn)


def sex_sides(levels: pd.DataFrame, sex_genes: Mapping[str, Sequence[str]]) -> pd.Series[str]:
    """Return the side of each sample by its sex genes: ``female``, ``male``, or "" where samples form no two groups.

    The score is the mean log2 of the male minus that of the female genes; samples are parted at the widest gap,
    which must be at least `SEX_GAP`. With one sex only, or none of the genes, nobody has a side.
    """
    means = _means(levels, sex_genes)
    score = means[MALE] - means[FEMALE]
    gap, middle = widest_gap(score)
    sides = pd.Series("", index=levels.index, dtype=object)
    if gap >= SEX_GAP:
        sides[score > middle] = MALE
        sides[score < middle] = FEMALE
    return sides


def widest_gap(score: pd.Series[float]) -> tuple[float, float]:
    """Return the width and the middle of the widest gap; 0 and NaN where fewer than two values are finite."""
    values = score.to_numpy(float)
    ordered = np.sort(values[np.isfinite(values)])
    gaps = np.diff(ordered)
    if not len(gaps):
        return 0.0, float("nan")
    place = int(gaps.argmax())
    return float(gaps[place]), float(ordered[place] + gaps[place] / 2)


def _means(levels: pd.DataFrame, sex_genes: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return the mean level of the genes of each sex; 0 for a sex of which no gene is there."""
    means = pd.DataFrame(0.0, index=levels.index, columns=[FEMALE, MALE])
    for sex in means:
        here = levels.columns.isin(list(sex_genes.get(str(sex), ())))
        if here.any():
            means[sex] = levels.loc[:, here].mean(axis=1)
    return means
