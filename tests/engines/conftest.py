"""Small paired studies with known truth, on either scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dermshift.design import Ask, plan
from dermshift.engines import EngineOptions
from dermshift.study import Study, Timepoints

if TYPE_CHECKING:
    from collections.abc import Callable

    from dermshift.design.model import Design
    from dermshift.engines import Engine, FitResult

N_GENES = 160
UP, MALE_ONLY = range(10), range(10, 20)
CONSTANT, ZERO = N_GENES - 2, N_GENES - 1
SEXES = ("female",) * 4 + ("male",) * 3


def _study(
    scale: str = "counts",
    *,
    n_genes: int = N_GENES,
    effect: float = 2.0,
    patients: list[str] | None = None,
    timepoints: tuple[str, str] = ("baseline", "week1"),
) -> Study:
    """Four females and three males; genes 0-9 up in all, 10-19 in males only, the last two constant and zero."""
    from anndata import AnnData

    patients = patients or [f"P{i}" for i in range(1, 8)]
    rng = np.random.default_rng(11)
    level = rng.normal(8, 1.5, n_genes) + rng.normal(0, 0.4, (7, n_genes))
    shift = np.zeros((7, n_genes))
    shift[:, UP] = effect
    shift[4:, MALE_ONLY] = effect
    log2 = np.stack([level, level + shift], axis=1).reshape(14, n_genes)
    dispersion = 0.02 + 2 / 2 ** log2.mean(axis=0)
    if scale == "counts":
        X = rng.negative_binomial(1 / dispersion, 1 / (1 + dispersion * 2**log2)).astype(float)
        X[:, n_genes - 2 :] = (100, 0)
    else:
        X = log2 + rng.normal(0, 0.3, log2.shape)
        X[:, n_genes - 2 :] = (7, 0)
    rows = [(f"{p}_{t}", p, t, sex) for p, sex in zip(patients, SEXES, strict=True) for t in timepoints]
    sheet = pd.DataFrame(rows, columns=["sample", "patient", "timepoint", "sex"]).set_index("sample")
    genes = pd.DataFrame({"gene_symbol": [f"S{i}" for i in range(n_genes)]}, index=[f"G{i}" for i in range(n_genes)])
    genes["gene_id_original"] = genes.index
    return Study("small", AnnData(X, obs=sheet, var=genes), scale, Timepoints(*timepoints))


def _answer(
    engine: Engine, study: Study, asks: tuple[Ask, ...] = (Ask(),), options: EngineOptions | None = None
) -> FitResult:
    """Run the designs of `asks`, which share one fit."""
    return engine.run(study, plan(study.sheet, study.timepoints, asks), options or EngineOptions(shrink=False))


@pytest.fixture(scope="session")
def make_study() -> Callable[..., Study]:
    return _study


@pytest.fixture(scope="session")
def answer() -> Callable[..., FitResult]:
    return _answer


@pytest.fixture(scope="session")
def sex_designs() -> list[Design]:
    study = _study()
    return plan(study.sheet, study.timepoints, (Ask(by="sex"),))
