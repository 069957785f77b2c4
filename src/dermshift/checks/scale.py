"""Are the values on the scale the config says? The evidence is shown, the engine named, only estimates are rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.checks.finding import Finding
from dermshift.checks.mixed_scale import mixed_problem
from dermshift.checks.scale_evidence import COUNT_MAXIMUM, Decision, Looks
from dermshift.errors import Problem

if TYPE_CHECKING:
    from dermshift.checks.finding import Verdict
    from dermshift.checks.views import MatrixView
    from dermshift.study import Scale

WORDS: dict[Looks, str] = {
    "counts": "raw counts",
    "estimated counts": "estimated counts (mostly whole numbers, some with decimals, as salmon and RSEM write them)",
    "linear": "intensities on a linear scale (arrays before log2, normalised NanoString or spatial values)",
    "whole intensities": "whole numbers of arrays (so the series says), which are intensities and no counts",
    "log2": "log2 values",
    "rounded log2": "log2 values that were rounded",
    "per million": "rounded TPM or CPM",
    "abundances": "TPM, FPKM or normalised counts",
    "unknown": "values on no known scale",
    "too large": "intensities on a linear scale, or damaged numbers",
    "nothing": "nothing: there is no value above zero",
}
ENGINES: dict[Scale, str] = {"counts": "the count engine (deseq2)", "log2": "the engine for log intensities (limma)"}
LINEAR = "set scale: linear, and log2 is taken of them for limma"
COUNTS = "layers['counts']"
QUANTIFIED = "If a quantifier (salmon, kallisto, RSEM) wrote them, set scale: estimated_counts; else give raw counts."
RAW = "Give the raw integer counts; nothing is rounded here."
ROUNDED = "rounded to whole numbers (as DESeq2 does with the estimates of tximport)"
UNLOG = "Give unrounded log2 values with scale: log2 (their engine is limma), or the raw integer counts."
ACTIONS: dict[Looks, str] = {
    "counts": "Set scale: counts (their engine is deseq2).",
    "estimated counts": QUANTIFIED,
    "linear": f"If they are intensities, {LINEAR}.",
    "whole intensities": f"If they are intensities, {LINEAR}. If the platform counts molecules, set scale: counts.",
    "log2": "Set scale: log2 for log2 values (their engine is limma), or give the raw integer counts.",
    "rounded log2": UNLOG,
    "per million": f"{RAW} If these are raw counts of one depth after all, set scale: counts.",
    "abundances": f"{RAW} Normalised values have no count model: {LINEAR} (zeros need log2_offset).",
    "unknown": "Counts are never negative, log2 values rarely beyond 32. Intensities less a background are linear.",
    "too large": f"If they are intensities, {LINEAR}; otherwise give the raw integer counts.",
    "nothing": "Check the matrix.",
}
EXPECTED = {
    "counts": "raw counts: whole numbers from 0",
    "estimated_counts": "counts that a quantifier estimated: from 0, most above 32, not summing to a million",
    "log2": "unrounded log2 values, at most 32",
    "linear": "intensities on a linear scale, all above zero once log2_offset is added",
}


def check_scale(view: MatrixView) -> Finding:
    """The values are what the config says, or plainly counts or log2 values where it says ``auto``."""
    decision = view.decision
    if (mixture := mixed_problem(view)) is not None:
        return Finding("scale", "error", mixture.found, (mixture,))
    evidence = f"{decision.seen.text}: looks like {WORDS[decision.looks]}"
    if decision.scale is None:
        return Finding("scale", "error", evidence, (_problem(view, decision, evidence),))
    if decision.offset and decision.stated != "linear":
        return Finding("scale", "error", evidence, (_idle_offset(decision),))
    verdict: Verdict = "ok" if decision.stated in ("counts", "log2") else "note"
    said = f"{evidence}; taken as {_taken(view)}, which goes to {ENGINES[decision.scale]}"
    if decision.overruled:
        said += f"; the configuration overrules what the values look like (scale: {decision.stated})"
        return Finding("scale", "warning", said)
    return Finding("scale", verdict, f"{said} (scale: {decision.stated})")


def _rounding(view: MatrixView) -> str:
    """Say what rounding changes."""
    values = view.values.to_numpy()
    whole = np.rint(values)
    changed = float((values != whole).mean())
    moved = float(np.abs(values.sum(axis=1) - whole.sum(axis=1)).max())
    kept = f"{changed:.1%} of the values change, no sum of a sample by more than {moved:.3g}"
    return f"estimated counts, {ROUNDED}: {kept}"


def _taken(view: MatrixView) -> str:
    decision = view.decision
    if decision.rounds:
        return _rounding(view)
    if decision.stated != "linear":
        return str(decision.scale)
    added = f" + {decision.offset:g}" if decision.offset else ""
    return f"intensities, of which log2(value{added}) was taken"


def _idle_offset(decision: Decision) -> Problem:
    found = f"log2_offset: {decision.offset:g} with scale: {decision.stated}"
    expected = "an offset only with scale: linear, whose intensities it is added to before log2"
    return Problem("log2_offset", found, expected, "Leave log2_offset out, or set scale: linear for intensities.")


def _problem(view: MatrixView, decision: Decision, evidence: str) -> Problem:
    looks, stated = decision.looks, decision.stated
    action = ACTIONS[looks]
    if looks == "log2" and stated == "auto":
        action = "Too few decimals to be sure: set scale: log2 if these are log2 values (their engine is limma)."
    if stated == "linear" and looks in ("log2", "rounded log2"):
        action = "These are logarithms already: set scale: log2; log2 is not taken twice."
    elif stated == "linear" and decision.seen.minimum + decision.offset <= 0:
        enough = f"more than {-decision.seen.minimum:.6g}" if decision.seen.minimum < 0 else "e.g. 1"
        action = f"Set study.log2_offset to what is to be added before log2, {enough}, or give values above zero."
    if view.counts_in and stated not in ("log2", "linear"):
        action = (
            f"Whole numbers are in {' and '.join(view.counts_in)}: put them into {COUNTS} and write the file again."
        )
    expected = EXPECTED.get(stated, "plainly raw counts or plainly log2 values")
    where = f"{view.path} (scale: {stated})"
    return Problem(where, f"{evidence}{_example(view, looks)}", expected, action)


def _example(view: MatrixView, looks: Looks) -> str:
    values = view.values.to_numpy()
    fraction = values != np.floor(values)
    wrong = {
        "unknown": values < 0,
        **dict.fromkeys(("abundances", "log2", "estimated counts", "linear"), fraction),
        "too large": values >= COUNT_MAXIMUM,
    }.get(looks)
    if wrong is None or not (wrong & np.isfinite(values)).any():
        return ""
    places = np.argwhere(wrong & np.isfinite(values))
    sample, gene = places[0]
    text = f"{values[sample, gene]:.6g} for {view.name_of(gene)} in {view.values.index[sample]}"
    return f"; {len(places)} such values, the first: {text}"
