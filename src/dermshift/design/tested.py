"""Which genes are tested: one filter per study, blind to who is who and to every contrast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.design.pairs import pair_table
from dermshift.names import COMPARTMENT, SET_ASIDE, TIMEPOINT
from dermshift.study import Timepoints

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.study import Study


def tested_genes(study: Study, *, min_count: int = 10) -> pd.Series:
    """Genes with at least `min_count` reads in as many samples as the smallest timepoint x compartment group has.

    The groups count compartments too, so that a gene of one compartment alone can pass; timepoint labels only set the
    size of the group. Genes that are constant over all samples are left out, on either scale, and so are probe sets
    that do not stand for a gene (``set_aside``). Samples without a partner do not count.

    Returns
    -------
    Boolean series indexed by gene id.
    """
    first = study.timepoints.before
    tables = [pair_table(study.sheet, Timepoints(first, visit))[0] for visit in study.timepoints.visits]
    samples = list(dict.fromkeys(sample for pairs in tables for sample in (*pairs["before"], *pairs["after"])))
    values = study.values.loc[samples]
    varying = values.max() > values.min()
    if SET_ASIDE in study.genes:
        varying &= study.genes[SET_ASIDE] == ""
    if study.scale == "log2":
        return varying
    groups = [column for column in (TIMEPOINT, COMPARTMENT) if column in study.sheet]
    smallest = int(study.sheet.loc[samples].groupby(groups, observed=True).size().min())
    return varying & ((values >= min_count).sum(axis=0) >= smallest)
