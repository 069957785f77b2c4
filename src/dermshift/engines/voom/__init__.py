"""Linear models of log2 counts with one weight per count: R voom through pylimma, the second opinion for counts.

`adapter` calls the steps in order: `gate` refuses wrong input, `precision` finds values and weights on the effective
library sizes of `normalise`, `weighted` fits one matrix, `engines.limma.moderate` tests a contrast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.engines.base import Engine, EngineMeta, EngineOptions, FitResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.design.model import Design
    from dermshift.study import Study

META = EngineMeta(
    name="voom",
    summary="linear regression of log2 counts per million, weighted by precision (pylimma, as R voom and limma)",
    scale="counts",
    pairing="one coefficient per patient: changes are within patients",
    effect_unit="log2 fold change",
    test="moderated t-test, or TREAT against a threshold; p-values and 95 % intervals from t with residual + prior df",
    fdr_family="Benjamini-Hochberg over the tested genes of one question",
    doi="10.1186/gb-2014-15-2-r29",
    extra="pylimma",
    takes=("min_count", "robust", "array_weights", "lfc_threshold"),
)


def run(study: Study, designs: Sequence[Design], options: EngineOptions) -> FitResult:
    """Fit the matrix the designs share once, and test the contrast of each.

    Raises
    ------
    ScaleError
        The study does not hold counts.
    DesignError
        The designs do not share one full-rank matrix of patient columns, or too few genes pass the filter.
    ConfigError
        An option this engine does not read is not at its default.
    """
    from dermshift.engines.voom.adapter import run as fit_and_test  # pylimma takes a second to import

    return fit_and_test(study, designs, options)


ENGINE = Engine(META, run)
