"""Matrix and sheet belong together, and the values are fit for use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.checks.finding import SHOWN, Finding, capped, counted, judged, listed, nearest
from dermshift.checks.name_variants import in_words, variants
from dermshift.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dermshift.checks.views import MatrixView


def check_samples_agree(view: MatrixView) -> Finding:
    """Matrix and sheet list the same samples; order does not matter."""
    shared = set(view.values.index)
    missing = [name for name in dict.fromkeys(view.sheet.index) if name not in shared]
    problems = []
    if pairs := variants(missing, view.unlisted):
        found = in_words(pairs, len(view.sheet.index))
        action = "Write these names in both files in one way."
        problems.append(Problem(f"{view.path} and {view.spec.samples}", found, "the same samples in both", action))
    missing = [name for name in missing if name not in pairs]
    unlisted = [name for name in view.unlisted if name not in pairs.values()]
    if missing:
        found = f"{counted(len(missing), 'sample')} of the sheet not in the matrix: {_with_hint(missing, unlisted)}"
        action = "Add them to the matrix or remove their rows from the sheet."
        problems.append(Problem(f"{view.path} and {view.spec.samples}", found, "the same samples in both", action))
    if unlisted:
        found = f"{counted(len(unlisted), 'sample')} of the matrix not in the sheet: {_with_hint(unlisted, missing)}"
        action = "Add rows for them to the sheet, or remove them (or columns that are no samples) from the matrix."
        problems.append(Problem(f"{view.path} and {view.spec.samples}", found, "the same samples in both", action))
    return judged("samples_agree", problems, f"the same {len(shared)} samples in matrix and sheet")


def _with_hint(names: Iterable[str], others: Iterable[str]) -> str:
    every = list(names)
    # Comparing all with all would take minutes where two large lists share nothing.
    pool = list(others)[:200]
    hint = next((f" ('{name}'{text})" for name in every[:20] if (text := nearest(name, pool))), "")
    return f"{listed(every, 50)}{hint}"


def check_names_once(view: MatrixView) -> Finding:
    """Each gene and each sample occurs once in the matrix; symbols may repeat beside unique ids."""
    problems = []
    doubled = list(dict.fromkeys(view.genes.index[view.genes.index.duplicated()]))
    if doubled and view.spec.duplicates != "sum":  # of what could not be added, the rule itself or the scale tells
        found = f"{counted(len(doubled), 'identifier')} more than once: {listed(doubled, 50)}"
        action = "Give unique identifiers (such as Ensembl ids, the symbol in a gene_name column), or say what becomes"
        action += " of the rows: study.duplicates: sum (counts are added) or keep (each is a gene of its own)."
        problems.append(Problem(f"{view.path}, gene identifiers", found, "each identifier once", action))
    if view.doubled:
        found = f"the same sample more than once: {listed(view.doubled, 50)}"
        problems.append(Problem(view.path, found, "each sample once", "Remove or rename the repeated samples."))
    symbols = view.genes["gene_symbol"]
    shared = sorted(set(symbols[(symbols != "") & symbols.duplicated()]))
    fine = f"{len(view.genes)} different genes"
    if shared and not problems:
        fine = f"{fine}; {len(shared)} symbols stand for several ids and are kept apart: {listed(shared)}"
        return Finding("names_once", "note", fine)
    return judged("names_once", problems, fine)


def check_finite(view: MatrixView) -> Finding:
    """No value is missing or infinite."""
    values = view.values.to_numpy()
    bad = np.argwhere(~np.isfinite(values))
    problems = [
        Problem(
            f"{view.path}, gene {view.name_of(gene)}, sample {view.values.index[sample]}",
            "no value (NaN)" if np.isnan(values[sample, gene]) else "an infinite value",
            "a number",
            "Give the value, or remove the gene from the matrix.",
        )
        for sample, gene in bad[:SHOWN]
    ]
    if not problems:
        return Finding("finite", "ok", f"{values.size} values, none missing")
    evidence = f"{len(bad)} of {values.size} values are not numbers"
    return Finding("finite", "error", evidence, tuple(capped(problems, len(bad))))


def check_no_empty_samples(view: MatrixView) -> Finding:
    """No sample is zero throughout; genes that are zero throughout are counted."""
    values = view.values.to_numpy()
    empty = [name for name, row in zip(view.values.index, values, strict=True) if not row.any()]
    problems = [
        Problem(
            f"{view.path}, sample {name}",
            "zero for every gene",
            "some expression",
            "Remove the sample, or its file failed.",
        )
        for name in empty
    ]
    genes = int((~values.any(axis=0)).sum())
    if genes and not problems:
        evidence = f"{genes} of {values.shape[1]} genes are zero in every sample"
        return Finding("no_empty_samples", "note", evidence)
    return judged("no_empty_samples", problems, "no sample and no gene is zero throughout")


def check_no_identical_samples(view: MatrixView) -> Finding:
    """No two samples have the same values throughout."""
    groups: dict[bytes, list[str]] = {}
    for name, row in zip(view.values.index, view.values.to_numpy(), strict=True):
        if row.any():
            groups.setdefault(row.tobytes(), []).append(str(name))
    problems = [
        Problem(
            view.path,
            f"identical values in {listed(names)}",
            "different samples",
            "The same data was entered twice: put the right data in, or remove the sample.",
        )
        for names in groups.values()
        if len(names) > 1
    ]
    return judged("no_identical_samples", problems, "no two samples are identical")
