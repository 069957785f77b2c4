"""Linear models of log2 values with moderated variances: R limma through pylimma.

`adapter` calls the steps in order: `gate` refuses wrong input, `linear` fits one matrix (with `duplicate_correlation`
where patients are a random block), `moderate` tests a contrast, `engines.table` and `record` write down the result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.engines.base import Engine, EngineMeta, EngineOptions, FitResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.design.model import Design
    from dermshift.study import Study

META = EngineMeta(
    name="limma",
    summary="linear regression of log2 values, variances moderated across genes (pylimma, as R limma)",
    scale="log2",
    pairing="one coefficient per patient, or patients as a random block with one correlation for all genes",
    effect_unit="log2 fold change",
    test="moderated t-test, or TREAT against a threshold; p-values and 95 % intervals from t with residual + prior df",
    fdr_family="Benjamini-Hochberg over the tested genes of one question",
    doi="10.2202/1544-6115.1027",
    extra="pylimma",
    takes=("trend", "robust", "array_weights", "lfc_threshold"),
)


def run(study: Study, designs: Sequence[Design], options: EngineOptions) -> FitResult:
    """Fit the matrix the designs share once, and test the contrast of each.

    Raises
    ------
    ScaleError
        The study does not hold log2 values, or a value is missing.
    DesignError
        The designs do not share one full-rank matrix, no gene varies, or the block cannot be told from the matrix.
    ConfigError
        An option this engine does not read is not at its default.
    """
    from dermshift.engines.limma.adapter import run as fit_and_test  # pylimma takes a second to import

    return fit_and_test(study, designs, options)


ENGINE = Engine(META, run)
