"""Negative binomial model of counts with shared dispersions: PyDESeq2's model, R DESeq2's rules, compiled loops.

`adapter` calls the steps in order: `gate` refuses wrong input, `fit` fits one matrix through `dataset` (PyDESeq2's
class with R's rules: `trend`, `prior`, `cooks`, `refit`), `wald`, `threshold` and `lrt` test a contrast, `reference`
chooses its curve, `filtering` the genes, `shrink` shrinks a coefficient, `record` writes down the result.
`inference` puts `kernels` behind PyDESeq2's seam: `glm`, `dispersions` and `shrinkage` run them over all genes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.engines.base import Engine, EngineMeta, EngineOptions, FitResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.design.model import Design
    from dermshift.engines.base import Rerun
    from dermshift.study import Study

META = EngineMeta(
    name="deseq2",
    summary="negative binomial regression of raw counts, dispersions shared across genes (PyDESeq2, with R's rules)",
    scale="counts",
    pairing="one coefficient per patient: changes are within patients, and Cook's distances can withhold no p-value",
    effect_unit="log2 fold change",
    test="Wald or likelihood-ratio test; p-values and 95 % intervals from t with residual + prior df, or normal (R)",
    fdr_family="Benjamini-Hochberg over the tested genes of one question",
    doi="10.1186/s13059-014-0550-8",
    extra="pydeseq2",
    takes=(
        "min_count",
        "independent_filtering",
        "shrink",
        "reference",
        "test",
        "lfc_threshold",
        "alternative",
    ),
)


def run(study: Study, designs: Sequence[Design], options: EngineOptions) -> FitResult:
    """Fit the matrix the designs share once, and test the contrast of each.

    Raises
    ------
    ScaleError
        The study does not hold raw counts.
    DesignError
        The designs do not share one full-rank matrix, or no gene passes the filter.
    """
    from dermshift.engines.deseq2.adapter import run as fit_and_test  # PyDESeq2 costs seconds to import

    return fit_and_test(study, designs, options)


def again(study: Study, design: Design, options: EngineOptions) -> Rerun:
    """Prepare reruns of a design for a few genes; see `dermshift.engines.base.Rerun`."""
    from dermshift.engines.deseq2.again import Again

    return Again(study, design, options)


ENGINE = Engine(META, run, again)
