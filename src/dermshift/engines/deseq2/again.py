"""The same study fitted again, without a patient or by another choice, for the sake of a few genes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.design import library_values, tested_genes
from dermshift.engines.deseq2 import META
from dermshift.engines.deseq2.adapter import genes_to_fit, tested_contrast
from dermshift.engines.deseq2.fit import fit
from dermshift.engines.deseq2.gate import need_counts, need_genes
from dermshift.engines.deseq2.inference import BatchedInference
from dermshift.engines.gate import need_one_fit
from dermshift.engines.options import need_options
from dermshift.engines.quiet import quiet
from dermshift.engines.table import rows_again

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from dermshift.design.model import Design
    from dermshift.engines.base import EngineOptions
    from dermshift.engines.deseq2.dataset import RDeseqDataSet
    from dermshift.study import Study


class Again:
    """Fits of one design and of designs with fewer of its libraries; see `dermshift.engines.base.Rerun`.

    What is shared (size factors, gene-wise dispersions, trend, prior) comes from every gene, as in `adapter.run`; all
    that follows is computed for the wanted genes alone. Each gene is computed alone there, so no digit differs.
    """

    def __init__(self, study: Study, design: Design, options: EngineOptions) -> None:
        need_counts(META, study)
        self.counts = library_values(study, design, seed=options.seed).reindex(columns=study.genes.index)
        self.passing = tested_genes(study, min_count=options.min_count).reindex(self.counts.columns)
        self.kernels = BatchedInference(options.threads)

    def __call__(
        self, designs: Sequence[Design], choices: Sequence[EngineOptions], wanted: Sequence[str]
    ) -> list[dict[str, pd.DataFrame]]:
        """Fit once for each gene filter among the choices, and answer every choice."""
        need_one_fit(META, designs)
        fits: dict[bool, RDeseqDataSet] = {}
        found = []
        for options in choices:
            need_options(META, options)
            every = options.independent_filtering
            if every not in fits:
                fits[every] = self._fit(designs[0], options, wanted)
            with quiet([]):
                found.append({one.question.id: self._answer(fits[every], one, options, wanted) for one in designs})
        return found

    def _fit(self, design: Design, options: EngineOptions, wanted: Sequence[str]) -> RDeseqDataSet:
        # A library keeps its counts whoever else takes part: the thinning looks at one patient at a time.
        counts = self.counts.loc[design.matrix.index]
        fitted = genes_to_fit(counts, self.passing, options)
        need_genes(int(fitted.sum()), options.min_count)
        with quiet([]):
            return fit(counts.loc[:, fitted], design, self.kernels, wanted)

    @staticmethod
    def _answer(dds: RDeseqDataSet, design: Design, options: EngineOptions, wanted: Sequence[str]) -> pd.DataFrame:
        tested = tested_contrast(dds, design, options).assign(kept=True)  # the filter withholds no number
        return rows_again(wanted, tested, design)
