"""Are the values raw counts or log2 values? The evidence is shown, nothing is ever rounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from dermshift.checks.finding import Finding, Verdict
from dermshift.errors import Problem

if TYPE_CHECKING:
    import numpy.typing as npt

    from dermshift.checks.views import MatrixView
    from dermshift.study import Scale

LOG2_MAXIMUM = 32.0
"""log2 of the largest count there is; real count matrices go far beyond it."""
COUNT_MAXIMUM = 2.0**31
PER_MILLION = 1e6
PER_MILLION_TOLERANCE = 0.02
MOSTLY = 0.5

Looks = Literal["counts", "log2", "rounded log2", "per million", "abundances", "negative", "too large", "nothing"]

WORDS: dict[Looks, str] = {
    "counts": "raw counts",
    "log2": "log2 values",
    "rounded log2": "log2 values that were rounded",
    "per million": "rounded TPM or CPM",
    "abundances": "TPM, FPKM, normalised or estimated counts",
    "negative": "values on no known scale",
    "too large": "intensities on a linear scale, or damaged numbers",
    "nothing": "nothing: there is no value above zero",
}
RAW = "Give the raw integer counts; nothing is rounded here."
LIMMA = "Set scale: log2 for log2 values (their engine is limma), or give the raw integer counts."
UNLOG = "Give unrounded log2 values with scale: log2 (their engine is limma), or the raw integer counts."
ACTIONS: dict[Looks, str] = {
    "counts": "Set scale: counts (their engine is deseq2).",
    "log2": LIMMA,
    "rounded log2": UNLOG,
    "per million": RAW,
    "abundances": f"{RAW} Normalised values may be given as log2 values with scale: log2.",
    "negative": "Say what the values are: raw counts are never negative, log2 values rarely beyond 32.",
    "too large": "Take log2 and set scale: log2, or give the raw integer counts.",
    "nothing": "Check the matrix.",
}


@dataclass(frozen=True)
class Evidence:
    """What speaks for one scale or the other: extremes, shares (0 to 1) and library sizes over the finite values."""

    minimum: float
    maximum: float
    non_integer: float
    negative: float
    zero: float
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
    return Evidence(
        minimum=float(finite.min()),
        maximum=float(finite.max()),
        non_integer=float((finite != np.floor(finite)).mean()),
        negative=float((finite < 0).mean()),
        zero=float((finite == 0).mean()),
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
    return "negative" if seen.negative > 0 else "abundances"


def _integers(seen: Evidence) -> Looks:
    if seen.maximum <= LOG2_MAXIMUM:
        return "rounded log2"
    if seen.maximum >= COUNT_MAXIMUM:
        return "too large"
    sums = np.array(seen.libraries)
    near = np.abs(sums / PER_MILLION - 1) < PER_MILLION_TOLERANCE
    # Exactly equal sums are counts thinned to one depth; rounded TPM only come close.
    return "per million" if near.all() and len(set(seen.libraries)) > 1 else "counts"


def decide(seen: Evidence, stated: str) -> Scale | None:
    """Return the scale, or None where the values do not bear out what was `stated`: counts, log2 or auto."""
    looks = looks_like(seen)
    if looks == "counts" and stated in ("counts", "auto"):
        return "counts"
    if looks != "log2" or stated == "counts":
        return None
    # A few decimals among small integers are no sign of a logarithm: then the user has to say it.
    return "log2" if stated == "log2" or seen.non_integer > MOSTLY else None


def check_scale(view: MatrixView) -> Finding:
    """The values are what the config says, or plainly one of the two scales where it says ``auto``."""
    values = view.values.to_numpy()
    seen = gather(values)
    looks = looks_like(seen)
    stated = view.spec.scale
    evidence = f"{seen.text}: looks like {WORDS[looks]}"
    if view.scale is not None:
        verdict: Verdict = "note" if stated == "auto" else "ok"
        return Finding("scale", verdict, f"{evidence}; taken as {view.scale} (scale: {stated})")
    expected = {"counts": "raw counts: whole numbers from 0", "log2": "unrounded log2 values, at most 32"}.get(
        stated, "plainly raw counts or plainly log2 values"
    )
    action = ACTIONS[looks]
    if looks == "log2" and stated == "auto":
        action = "Too few decimals to be sure: set scale: log2 if these are log2 values (their engine is limma)."
    problem = Problem(f"{view.path} (scale: {stated})", f"{evidence}{_example(view, looks)}", expected, action)
    return Finding("scale", "error", evidence, (problem,))


def _example(view: MatrixView, looks: Looks) -> str:
    values = view.values.to_numpy()
    wrong = {
        "negative": values < 0,
        "abundances": values != np.floor(values),
        "log2": values != np.floor(values),
        "too large": values >= COUNT_MAXIMUM,
    }.get(looks)
    if wrong is None or not (wrong & np.isfinite(values)).any():
        return ""
    places = np.argwhere(wrong & np.isfinite(values))
    sample, gene = places[0]
    text = f"{values[sample, gene]:.6g} for {view.name_of(gene)} in {view.values.index[sample]}"
    return f"; {len(places)} such values, the first: {text}"
