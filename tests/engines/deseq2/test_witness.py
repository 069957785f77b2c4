"""The fit against an independent one: a general optimiser, one gene at a time, with the same dispersion."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import nbinom, norm

from dermshift.design import library_values
from dermshift.engines import EngineOptions
from dermshift.engines.deseq2.fit import fit
from dermshift.engines.deseq2.inference import BatchedInference
from dermshift.engines.deseq2.record import fit_record
from dermshift.engines.deseq2.wald import wald
from dermshift.engines.quiet import quiet


@pytest.fixture(scope="module")
def fitted(make_study, sex_designs):
    study = make_study()
    counts = library_values(study, sex_designs[0], seed=0)
    with quiet([]):
        return fit(counts.loc[:, counts.nunique() > 1], sex_designs[0], BatchedInference())


def naive_fit(y, X, offset, dispersion):
    """Mode and covariance of one negative binomial regression, natural log, coefficients with sd 1000 on log2."""
    ridge = 1e-6 / np.log(2) ** 2

    def mean(beta):
        return np.exp(X @ beta + offset)

    def loss(beta):
        likelihood = nbinom.logpmf(y, 1 / dispersion, 1 / (1 + dispersion * mean(beta))).sum()
        return 0.5 * ridge * beta @ beta - likelihood

    def gradient(beta):
        mu = mean(beta)
        return ridge * beta - X.T @ ((y - mu) / (1 + dispersion * mu))

    start = np.linalg.lstsq(X, np.log(y + 0.5) - offset, rcond=None)[0]
    beta = minimize(loss, start, jac=gradient, method="BFGS", options={"gtol": 1e-8}).x
    mu = mean(beta)
    weight = mu / (1 + dispersion * mu)
    information = X.T @ (X * weight[:, None])
    inverse = np.linalg.inv(information + ridge * np.eye(len(beta)))
    return beta, inverse @ information @ inverse


@pytest.mark.parametrize("gene", [0, 12, 30, 77])
def test_wald_test_of_a_gene(fitted, sex_designs, gene):
    design = sex_designs[2]
    X, name = design.matrix.to_numpy(float), f"G{gene}"
    y = fitted[design.matrix.index, name].X.ravel()
    offset = np.log(fitted.obs["size_factors"].loc[design.matrix.index].to_numpy())
    beta, covariance = naive_fit(y, X, offset, fitted.var.loc[name, "dispersions"])
    with quiet([]):
        mine = wald(fitted, design, EngineOptions(reference="normal")).loc[name]
    estimate = design.contrast @ beta / np.log(2)
    error = np.sqrt(design.contrast @ covariance @ design.contrast) / np.log(2)
    # the iterations end when the deviance moves by 1e-8 of itself, as in R
    assert mine["estimate"] == pytest.approx(estimate, abs=1e-4)
    assert mine["error"] == pytest.approx(error, rel=1e-4)
    assert mine["p"] == pytest.approx(2 * norm.sf(abs(estimate / error)), rel=1e-3)


def test_record_is_json_and_holds_the_facts_of_the_fit(fitted, sex_designs):
    record = fit_record(fitted, sex_designs[0], EngineOptions(seed=3), ["UserWarning: x"])
    again = json.loads(json.dumps(record, allow_nan=False))
    assert again == record
    assert record["seed"] == 3
    assert record["residual_df"] == 5
    assert not record["low_residual_df"]
    assert record["versions"]["pydeseq2"] == "0.5.4"
    assert len(record["size_factors"]) == 14
