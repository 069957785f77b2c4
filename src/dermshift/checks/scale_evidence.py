"""What the values look like, the evidence it rests on, and what follows for the scale.

Estimated counts are the one kind of value that is ever rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from dermshift.study import Scale

LOG2_MAXIMUM = 32.0
"""log2 of the largest count there is; real count matrices go far beyond it."""
COUNT_MAXIMUM = 2.0**31
PER_MILLION = 1e6
PER_MILLION_TOLERANCE = 0.02
MOSTLY = 0.5
SOME_ZEROS = 0.02
"""Share of zeros above which positive values are abundances of reads: fluorescence is hardly ever exactly zero."""

Looks = Literal[
    "counts", "estimated counts", "linear", "whole intensities", "log2", "rounded log2", "per million", "abundances",
    "unknown", "too large", "nothing",
]  # fmt: skip

ROUTES: dict[Looks, Scale] = {"counts": "counts", "log2": "log2"}
"""What ``auto`` takes by itself; every other look needs a word of the user."""

OVERRULED: dict[tuple[str, Looks], Scale] = {
    ("counts", "per million"): "counts",
    ("counts", "whole intensities"): "counts",
    ("estimated_counts", "linear"): "counts",
    ("estimated_counts", "abundances"): "counts",
    ("linear", "counts"): "log2",
    ("linear", "estimated counts"): "log2",
    ("linear", "per million"): "log2",
    ("linear", "abundances"): "log2",
    ("linear", "too large"): "log2",
    ("linear", "unknown"): "log2",
}
"""(what the config states, what the values look like): what they are taken for on the user's word."""

ON_ARRAYS: dict[Looks, Looks] = {
    "counts": "whole intensities",
    "per million": "whole intensities",
    "estimated counts": "linear",
    "abundances": "linear",
}
"""What looks like reads, and where arrays were measured is an intensity: no count model may take it unasked."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for one scale or another: extremes, shares (0 to 1) and library sizes over the finite values.

    Parameters
    ----------
    whole_positive
        Share of whole numbers among the values above zero: estimated counts are mostly whole, intensities are not.
    """

    minimum: float
    maximum: float
    non_integer: float
    negative: float
    zero: float
    whole_positive: float
    libraries: tuple[float, ...]

    @property
    def text(self) -> str:
        """The evidence in one line."""
        low, mid, high = (f(self.libraries) for f in (np.min, np.median, np.max))
        shares = f"{self.non_integer:.1%} non-integer, {self.negative:.1%} negative, {self.zero:.1%} zero"
        sums = f"sum per sample {low:.4g} to {high:.4g} (median {mid:.4g})"
        return f"min {self.minimum:.4g}, max {self.maximum:.4g}, {shares}, {sums}"


def gather(values: npt.NDArray[np.float64]) -> Evidence:
    """Return the evidence in a samples x genes array; values that are not finite are left aside."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        finite = np.zeros(1)
    with np.errstate(over="ignore"):
        libraries = np.where(np.isfinite(values), values, 0).sum(axis=1)
    whole = finite == np.floor(finite)
    positive = finite > 0
    return Evidence(
        minimum=float(finite.min()),
        maximum=float(finite.max()),
        non_integer=float((~whole).mean()),
        negative=float((finite < 0).mean()),
        zero=float((finite == 0).mean()),
        whole_positive=float(whole[positive].mean()) if positive.any() else 1.0,
        libraries=tuple(float(size) for size in libraries) or (0.0,),
    )


def looks_like(seen: Evidence) -> Looks:
    """Say in one word what the values look like."""
    if seen.minimum >= 0 and seen.maximum == 0:
        return "nothing"
    if seen.non_integer == 0 and seen.negative == 0:
        return _integers(seen)
    if seen.maximum <= LOG2_MAXIMUM and seen.minimum >= -LOG2_MAXIMUM:
        return "log2" if seen.non_integer > 0 else "rounded log2"
    return "unknown" if seen.negative > 0 else _positive(seen)


def _integers(seen: Evidence) -> Looks:
    if seen.maximum <= LOG2_MAXIMUM:
        return "rounded log2"
    if seen.maximum >= COUNT_MAXIMUM:
        return "too large"
    # Exactly equal sums are counts thinned to one depth; rounded TPM only come close.
    return "per million" if _one_million(seen) and len(set(seen.libraries)) > 1 else "counts"


def _positive(seen: Evidence) -> Looks:
    if _one_million(seen):
        return "abundances"
    if seen.whole_positive > MOSTLY:
        return "estimated counts"
    return "abundances" if seen.zero > SOME_ZEROS else "linear"


def _one_million(seen: Evidence) -> bool:
    sums = np.array(seen.libraries)
    return bool((np.abs(sums / PER_MILLION - 1) < PER_MILLION_TOLERANCE).all())


@dataclass(frozen=True)
class Decision:
    """What the values are taken for.

    Parameters
    ----------
    stated
        As in the config (`study.StatedScale`).
    estimated
        Whether the source says that a quantifier estimated the counts.
    scale
        Scale of the study, None where the values do not bear out what was stated or nothing was stated and it is not
        plain.
    offset
        Added to linear intensities before log2.
    """

    seen: Evidence
    looks: Looks
    stated: str
    scale: Scale | None
    offset: float = 0.0
    estimated: bool = False

    @property
    def rounds(self) -> bool:
        """Whether estimated counts become whole numbers, as they do on the way from tximport into DESeq2."""
        return self.scale == "counts" and self.seen.non_integer > 0

    @property
    def overruled(self) -> bool:
        """Whether the config has the last word against what the values look like."""
        return self.scale is not None and (self.stated, self.looks) in OVERRULED

    def on_scale(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the values on the study's scale: log2 of linear intensities, rounded estimates, others as they are."""
        if self.rounds:
            whole: npt.NDArray[np.float64] = np.rint(values)
            return whole
        if self.scale is None or self.stated != "linear":
            return values
        return np.log2(values + self.offset)


def decide(
    values: npt.NDArray[np.float64],
    stated: str,
    offset: float = 0.0,
    *,
    arrays: bool = False,
    estimated: bool = False,
) -> Decision:
    """Return what a samples x genes array is taken for.

    Parameters
    ----------
    stated
        As in the config (`study.StatedScale`).
    offset
        Added to linear intensities before log2; without one, every value must be above zero.
    arrays
        Whether the source says that arrays were measured.
    estimated
        Whether the source says that a quantifier estimated the counts; scaled ones are hardly ever whole numbers.
    """
    seen = gather(values)
    looks = looks_like(seen)
    if arrays:
        looks = ON_ARRAYS.get(looks, looks)
    if estimated and looks in ("linear", "abundances") and not _one_million(seen):
        looks = "estimated counts"
    if looks == "estimated counts" and estimated and stated == "auto":
        return Decision(seen, looks, stated, "counts", offset, estimated)
    return Decision(seen, looks, stated, _scale(seen, looks, stated, offset), offset, estimated)


def _scale(seen: Evidence, looks: Looks, stated: str, offset: float) -> Scale | None:
    if stated == "estimated_counts":
        # TPM are no counts of anything, whoever says so.
        named = looks in ("counts", "estimated counts")
        said = OVERRULED.get((stated, looks)) if not _one_million(seen) else None
        return "counts" if named else said
    if stated == "auto":
        # A few decimals among small integers are no sign of a logarithm: then the user has to say it.
        unsure = looks == "log2" and seen.non_integer <= MOSTLY
        return None if unsure else ROUTES.get(looks)
    if stated == "linear":
        plain = looks in ("linear", "whole intensities")
        taken: Scale | None = "log2" if plain else OVERRULED.get((stated, looks))
        return taken if seen.minimum + offset > 0 else None
    if stated == looks:
        return ROUTES[looks]
    return OVERRULED.get((stated, looks))
