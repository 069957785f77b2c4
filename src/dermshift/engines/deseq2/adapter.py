"""Study and designs in, tables out: the order of the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dermshift.design import library_values, tested_genes
from dermshift.engines.base import FitResult
from dermshift.engines.deseq2 import META
from dermshift.engines.deseq2.filtering import independent_filter
from dermshift.engines.deseq2.fit import fit
from dermshift.engines.deseq2.gate import need_counts, need_genes
from dermshift.engines.deseq2.inference import BatchedInference
from dermshift.engines.deseq2.lrt import by_likelihood
from dermshift.engines.deseq2.record import fit_record, question_record
from dermshift.engines.deseq2.shrink import shrunken, sign_changes
from dermshift.engines.deseq2.wald import aligned_contrast, wald
from dermshift.engines.gate import need_one_fit
from dermshift.engines.options import need_options
from dermshift.engines.quiet import quiet
from dermshift.engines.table import assemble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.design.model import Design
    from dermshift.engines.base import EngineOptions
    from dermshift.engines.deseq2.dataset import RDeseqDataSet
    from dermshift.study import Study
    from dermshift.tables import DETable


def run(
    study: Study, designs: Sequence[Design], options: EngineOptions, inference: BatchedInference | None = None
) -> FitResult:
    """Fit once, test every contrast; see `dermshift.engines.deseq2.run`.

    Parameters
    ----------
    inference
        Kernels to fit with; those on the threads of the options by default.
    """
    need_counts(META, study)
    need_one_fit(META, designs)
    need_options(META, options)
    kernels = inference or BatchedInference(options.threads)
    counts = library_values(study, designs[0], seed=options.seed).reindex(columns=study.genes.index)
    fitted = genes_to_fit(counts, tested_genes(study, min_count=options.min_count), options)
    need_genes(int(fitted.sum()), options.min_count)
    heard: list[str] = []
    with quiet(heard):
        dds = fit(counts.loc[:, fitted], designs[0], kernels)
    base_mean = mean_counts(counts, dds)
    tables: dict[str, DETable] = {}
    questions: dict[str, object] = {}
    for design in designs:
        with quiet(heard):
            table, sign_changed = answer(dds, study.genes, base_mean, design, options)
        tables[design.question.id] = table
        questions[design.question.id] = question_record(table, design, sign_changed)
        if sign_changed:
            heard.append(f"{design.question.id}: shrinkage changed the sign of {len(sign_changed)} genes")
    return FitResult(tables, fit_record(dds, designs[0], options, heard) | {"questions": questions})


def genes_to_fit(counts: pd.DataFrame, passing: pd.Series[bool], options: EngineOptions) -> pd.Series[bool]:
    """Return which genes enter the fit: those that vary and pass the fixed filter, or as in R all with any count."""
    if options.independent_filtering:
        return (counts > 0).any()
    values = counts.to_numpy()
    varying = pd.Series(values.max(axis=0) > values.min(axis=0), index=counts.columns)
    return varying & passing.reindex(counts.columns)


def mean_counts(counts: pd.DataFrame, dds: RDeseqDataSet) -> pd.Series[float]:
    """Return the mean normalised count of every gene of the study; of the replaced counts where any was replaced."""
    means = counts.loc[dds.obs_names].div(dds.obs["size_factors"], axis=0).mean()  # summed in one order
    means.update(dds.var.loc[dds.var["replaced"], "_normed_means"])
    return means


def tested_contrast(dds: RDeseqDataSet, design: Design, options: EngineOptions) -> pd.DataFrame:
    """Return the test of one contrast of every gene of the fit (`wald.wald`), by the test of the options."""
    tested = wald(dds, design, options)
    return by_likelihood(tested, dds, aligned_contrast(dds, design)) if options.test == "lrt" else tested


def answer(
    dds: RDeseqDataSet, genes: pd.DataFrame, base_mean: pd.Series[float], design: Design, options: EngineOptions
) -> tuple[DETable, list[str]]:
    """Return the table of one contrast, and the genes whose shrunken estimate has the other sign."""
    tested = tested_contrast(dds, design, options)
    shrunk = pd.Series(dtype=float)
    if options.shrink and design.coefficient:
        shrunk = shrunken(dds, design, tested["error"])
    kept = pd.Series(data=True, index=tested.index)
    if options.independent_filtering:
        p = tested["p"].mask(tested["outlier"]).reindex(base_mean.index)
        threshold = independent_filter(base_mean, p, options.alpha).threshold
        kept = base_mean.loc[tested.index] >= threshold
    table = assemble(genes, base_mean, tested.assign(kept=kept), shrunk, design)
    changed = sign_changes(tested["estimate"], shrunk.reindex(tested.index))
    return table, changed
