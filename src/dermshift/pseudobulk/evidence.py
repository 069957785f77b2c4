"""Which matrix holds the raw counts: what a sample of each looks like, and the choice."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.checks.finding import nearest
from dermshift.errors import Problem, ScaleError
from dermshift.io.decode import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.pseudobulk.atlas import Atlas, Candidate

LIKE_COUNTS = frozenset({
    "count", "counts", "raw", "raw_count", "raw_counts", "counts_raw", "umi", "umis", "umi_count", "umi_counts",
})  # fmt: skip
"""Names of layers that are taken for raw counts if their values agree; any other layer must be named."""
BLOCKS, CELLS = 20, 25
PLACES = 3


@dataclass(frozen=True)
class Seen:
    """What a sample of stored values shows.

    Parameters
    ----------
    whole
        Share of the values that are whole numbers.
    sums
        Smallest, middle and largest sum of a sampled cell (of a gene, where values are stored by gene).
    """

    name: str
    layout: str
    type: str
    values: int
    whole: float
    smallest: float
    largest: float
    sums: tuple[float, float, float]

    @property
    def words(self) -> str:
        """What was seen, in words."""
        if not self.values:
            return f"{self.name}: no value above zero in the sample"
        share = f"{np.floor(1000 * self.whole) / 10:g} % whole numbers"
        sums = "/".join(f"{value:.6g}" for value in self.sums)
        span = f"from {self.smallest:.6g} to {self.largest:.6g}"
        return f"{self.name}: {share} of {self.values} sampled values, {span}, sums {sums} (smallest/middle/largest)"

    @property
    def trouble(self) -> str:
        """Why these are no raw counts, "" where nothing speaks against it."""
        if not self.values:
            return "nothing above zero"
        if self.smallest < 0:
            return "negative values: scaled"
        if not np.isfinite(self.largest):
            return "infinite or missing values"
        if self.whole < 1:
            return "decimals: log values" if self.largest < 20 else "decimals: normalised or corrected values"
        return "only zeros and ones" if self.largest <= 1 else ""

    def record(self) -> dict[str, Any]:
        """Return the evidence for the record of the run."""
        return asdict(self) | {"verdict": self.trouble or "raw counts"}


def look(candidate: Candidate) -> Seen:
    """Look at up to `BLOCKS` stretches of `CELLS` cells spread over the matrix."""
    values = candidate.values
    count = whole = 0
    smallest, largest, sums = np.inf, -np.inf, []
    for taken in values.sample(BLOCKS, CELLS):
        numbers = taken.astype(np.float64)
        if numbers.size == 0:
            continue
        smallest, largest = min(smallest, float(np.min(numbers))), max(largest, float(np.max(numbers)))
        sums.append(float(numbers.sum()))
        numbers = numbers[numbers != 0]
        count, whole = count + numbers.size, whole + int((numbers == np.floor(numbers)).sum())
    span = tuple(float(np.quantile(sums, q, method="nearest")) for q in (0, 0.5, 1)) if sums else (0.0, 0.0, 0.0)
    if not count:
        smallest = largest = 0.0
    share = whole / count if count else 0.0
    spread = (span[0], span[1], span[2])
    return Seen(candidate.name, values.kind, str(values.dtype), count, share, smallest, largest, spread)


def choose(atlas: Atlas, asked: str) -> tuple[Candidate, list[Seen]]:
    """Return the matrix of raw counts and what was seen of every candidate.

    Raises
    ------
    FormatError
        There is no matrix of the name the user gave, or it does not fit its genes.
    ScaleError
        No candidate holds raw counts; each is named with what was seen.
    """
    named = {candidate.name: candidate for candidate in atlas.candidates}
    if asked not in ("auto", *named):
        found, expected = f"no '{asked}'{nearest(asked, named)}", f"auto or one of {', '.join(named)}"
        where = f"{atlas.path}, --counts"
        raise refuse(where, found, expected, "Correct the flag.")
    seen = [look(candidate) for candidate in atlas.candidates]
    order = _order(list(named)) if asked == "auto" else [asked]
    by_name = {one.name: one for one in seen}
    chosen = next((name for name in order if not by_name[name].trouble), None)
    if chosen is None:
        raise _no_counts(atlas.path, asked, seen, order)
    candidate = named[chosen]
    genes = candidate.genes()
    if len(genes) != candidate.values.shape[1]:
        found, expected = f"{candidate.values.shape[1]} genes in {chosen}", f"{len(genes)}, as in its table of genes"
        raise refuse(atlas.path, found, expected, "Write the atlas again; the file is damaged.")
    return candidate, seen


def _order(names: Sequence[str]) -> list[str]:
    layers = [
        name for name in names if name.removeprefix("layer:").lower() in LIKE_COUNTS and name.startswith("layer:")
    ]
    return [*layers, *(name for name in ("raw", "X", "matrix") if name in names)]


def _no_counts(path: str, asked: str, seen: list[Seen], order: list[str]) -> ScaleError:
    problems = [
        Problem(
            f"{path}, --counts {asked}",
            f"{one.words}{f' ({one.trouble})' if one.trouble else ''}",
            "raw counts: whole numbers from 0"
            if one.name in order
            else "a layer that is named, if it holds raw counts",
            _action(one, order),
        )
        for one in seen
        if asked in ("auto", one.name)
    ]
    return ScaleError(*problems)


def _action(one: Seen, order: list[str]) -> str:
    if one.name not in order and not one.trouble:
        return f"If these are the raw counts, say so: --counts {one.name}"
    return "Name the atlas that holds the raw counts; normalised values cannot be summed, and nothing is rounded here."
