"""Which probe set stands for a gene: by its level over all samples, never by a label or a p-value."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.checks.finding import Finding, listed
from dermshift.errors import Problem
from dermshift.names import GENE_ID, GENE_SYMBOL, SET_ASIDE, Column

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from dermshift.io.matrix import Matrix
    from dermshift.io.probes import Annotation

MOST_GAPS = 0.1
"""Share of probe sets with a missing value above which a series is refused."""
CHECK = "probe_annotation"
JOIN = " /// "
CONTROL = re.compile(r"AFFX[-_].*", re.IGNORECASE)
SUFFIX = re.compile(r".*?(?:_([a-z]))?_at", re.IGNORECASE)
CLASSES = {None: "unique", "s": "several_transcripts", "x": "may_cross_hybridise"}
OTHER, AMBIGUOUS, NO_GENE = "other probe set of the gene", "several genes", "no gene"
HIGHEST_MEAN, EVERY = "highest_mean", "every"
ENOUGH = 0.5
"""Share of the matrix an annotation of the same array knows at least."""

PROBE_COLUMNS = (
    Column(GENE_ID, "text", "", "probe set"),
    Column(GENE_SYMBOL, "text", "", "symbol in the annotation, several joined by ' /// ', NA where none"),
    Column("mean", "float", "log2; counts", "mean over all samples of the study, on the scale of the study"),
    Column("suffix_class", "text", "", "unique (_at), several_transcripts (_s_at), may_cross_hybridise (_x_at), other"),
    Column("role", "text", "", f"chosen, or set aside: {OTHER}, {AMBIGUOUS} or {NO_GENE}; control (not in the study)"),
)


@dataclass(frozen=True)
class Choice:
    """The probe sets of a study: `genes` with the column ``set_aside``, the table of all of them, what was done."""

    genes: pd.DataFrame
    table: pd.DataFrame
    finding: Finding


def suffix_class(probe: str) -> str:
    """Return what the ending of an Affymetrix probe set says of it."""
    found = SUFFIX.fullmatch(probe)
    return "other" if found is None else CLASSES.get(found[1] and found[1].lower(), "other")


def without_controls(matrix: Matrix) -> tuple[Matrix, tuple[Finding, ...]]:
    """Return the matrix without the hybridisation controls of Affymetrix arrays, and how many there were."""
    kept = [place for place, name in enumerate(matrix.genes) if not CONTROL.fullmatch(name)]
    dropped = len(matrix.genes) - len(kept)
    if not dropped:
        return matrix, ()
    note = Finding("probe_controls", "note", f"{dropped} control probe sets (AFFX) are not part of the study")
    return _only(matrix, kept), (note,)


def without_gaps(matrix: Matrix, samples: Collection[str]) -> tuple[Matrix, tuple[Finding, ...]]:
    """Return a series without the probe sets that lack a value in one of the samples, and how many there were.

    Nobody edits a public file. Where more than a tenth of the probe sets have gaps, something else is wrong: then all
    stay, and the check of the values refuses them.
    """
    rows = [place for place, name in enumerate(matrix.samples) if name in samples]
    gaps = np.asarray(np.isnan(matrix.values[rows]).any(axis=0))
    if not matrix.platform or not gaps.any() or gaps.mean() > MOST_GAPS:
        return matrix, ()
    named = listed([name for name, gap in zip(matrix.genes, gaps, strict=True) if gap], 5)
    text = f"{int(gaps.sum())} probe sets lack a value in a sample of the study and take no part: {named}"
    return _only(matrix, list(np.flatnonzero(~gaps))), (Finding("probe_gaps", "warning", text),)


def _only(matrix: Matrix, kept: Sequence[int]) -> Matrix:
    """Return the matrix with the genes at the places `kept`."""
    genes = tuple(matrix.genes[place] for place in kept)
    symbols = None if matrix.symbols is None else tuple(matrix.symbols[place] for place in kept)
    return replace(matrix, values=matrix.values[:, kept], genes=genes, symbols=symbols)


def label(matrix: Matrix, annotation: Annotation) -> tuple[Matrix, Finding]:
    """Return the matrix with the symbols of the annotation, and how well the two belong together."""
    known = [annotation.symbols.get(name) for name in matrix.genes]
    share = sum(names is not None for names in known) / max(len(known), 1)
    wrong = _mismatch(matrix, annotation, share)
    if wrong is not None:
        return matrix, Finding(CHECK, "error", wrong.found, (wrong,))
    counts = Counter("absent" if names is None else min(len(names), 2) for names in known)
    text = f"{counts[1]} probe sets of one gene, {counts[2]} of several, {counts[0]} without a gene"
    text += f", {counts['absent']} not in the annotation {_named(annotation.path, annotation.platform)}"
    other = matrix.platform and annotation.platform and matrix.platform != annotation.platform
    if other:
        text += f"; the values are of {matrix.platform}, another array that shares {share:.0%} of its names"
    symbols = tuple(JOIN.join(names or ()) for names in known)
    return replace(matrix, symbols=symbols), Finding(CHECK, "warning" if other else "note", text)


def _mismatch(matrix: Matrix, annotation: Annotation, share: float) -> Problem | None:
    where = f"{annotation.path} (probes)"
    if annotation.header in matrix.genes:
        found = f"the probe set '{annotation.header}' where the name of the column should be"
        return Problem(where, found, "a header line", "Add a line such as probe_id<TAB>symbol at the top.")
    if share >= ENOUGH:
        return None
    found = f"{share:.0%} of the {len(matrix.genes)} probe sets of the matrix (platform {matrix.platform or 'unknown'})"
    found += f" are in {_named(annotation.path, annotation.platform)}; matrix: {listed(matrix.genes, 3)}"
    found += f"; annotation: {listed(list(annotation.symbols)[:3])}"
    action = f"Name the annotation of {matrix.platform or 'the platform of the matrix'} under annotation: probes."
    return Problem(where, found, "the annotation of the array the values were measured on", action)


def _named(path: str, platform: str) -> str:
    return f"{path} (platform {platform})" if platform else path


def choose(genes: pd.DataFrame, levels: pd.Series[float], annotation: Annotation, rule: str) -> Choice:
    """Say for every probe set whether it stands for its gene.

    Parameters
    ----------
    genes
        Gene annotation of the study, index gene id, with ``gene_symbol``.
    levels
        Mean of every probe set over all samples, on the scale of the study; controls included.
    rule
        ``highest_mean``: of the probe sets of one gene alone, that with the highest mean (of equal ones the first by
        name); ``every``: each of them.
    """
    names = genes.index.to_numpy(object)
    symbols = {name: annotation.symbols.get(name, ()) for name in names}
    single = [name for name in names if len(symbols[name]) == 1]
    first: dict[str, str] = {}
    for name in sorted(single, key=lambda name: (-levels[name], name)):
        first.setdefault(symbols[name][0], name)
    chosen = set(first.values() if rule == HIGHEST_MEAN else single)
    reasons = [_reason(name, symbols[name], chosen) for name in names]
    labelled = genes.assign(**{SET_ASIDE: np.array(reasons, object)})
    return Choice(labelled, _table(labelled, levels, annotation), _report(reasons, symbols, chosen, rule))


def _reason(name: str, symbols: Sequence[str], chosen: set[str]) -> str:
    if not symbols:
        return NO_GENE
    if len(symbols) > 1:
        return AMBIGUOUS
    return "" if name in chosen else OTHER


def _table(genes: pd.DataFrame, levels: pd.Series[float], annotation: Annotation) -> pd.DataFrame:
    roles = {name: reason or "chosen" for name, reason in genes[SET_ASIDE].items()}
    names = [str(name) for name in levels.index]
    joined = [JOIN.join(annotation.symbols.get(name, ())) or np.nan for name in names]
    return pd.DataFrame(
        {
            GENE_ID: names,
            GENE_SYMBOL: joined,
            "mean": levels.to_numpy(float),
            "suffix_class": [suffix_class(name) for name in names],
            "role": [roles.get(name, "control") for name in names],
        }
    )


def _report(reasons: list[str], symbols: dict[str, tuple[str, ...]], chosen: set[str], rule: str) -> Finding:
    counts = Counter(reasons)
    per_gene = Counter(names[0] for names in symbols.values() if len(names) == 1)
    several = sum(count > 1 for count in per_gene.values())
    crossing = sum(suffix_class(name) == CLASSES["x"] for name in chosen)
    text = f"rule {rule}: {len(chosen)} probe sets stand for {len(per_gene)} genes, {several} of which have several"
    text += f"; set aside: {counts[OTHER]} other probe sets of a gene, {counts[AMBIGUOUS]} of several genes"
    text += f", {counts[NO_GENE]} without a gene; {crossing} of the chosen may cross-hybridise (_x_at)"
    return Finding("probe_sets", "note", text)
