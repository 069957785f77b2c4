"""The kernels behind PyDESeq2's interface: bad input, and PyDESeq2's own answers on a small study."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pydeseq2.dds import DeseqDataSet
from pydeseq2.default_inference import DefaultInference
from pydeseq2.ds import DeseqStats

from dermshift.engines.deseq2 import inference
from dermshift.engines.deseq2.inference import BatchedInference
from dermshift.engines.quiet import quiet
from dermshift.errors import DesignError, FormatError
from dermshift.threads import available_threads

KERNELS = BatchedInference()


@pytest.fixture(scope="module")
def calls(draw):
    """Every method of the interface with arguments it can answer."""
    data = draw(3, n_genes=5)
    y, mu, X, s, alpha = data.counts.T, data.mu.T, data.matrix, data.size_factors, data.dispersions
    contrast, ridge = np.eye(5)[-1], np.diag(np.full(5, 1e-6))
    return {
        "lin_reg_mu": {"counts": y, "size_factors": s, "design_matrix": X, "min_mu": 0.5},
        "irls": {"counts": y, "size_factors": s, "design_matrix": X, "disp": alpha, "min_mu": 0.5, "beta_tol": 1e-8},
        "alpha_mle": {"counts": y, "design_matrix": X, "mu": mu, "alpha_hat": alpha, "min_disp": 1e-8, "max_disp": 10.0,
                      "prior_disp_var": 0.5, "prior_reg": True, "start": alpha},
        "wald_test": {"design_matrix": X, "disp": alpha, "lfc": data.beta, "mu": mu, "ridge_factor": ridge,
                      "contrast": contrast, "lfc_null": 0.0},
        "fit_rough_dispersions": {"normed_counts": y, "design_matrix": X},
        "fit_moments_dispersions": {"normed_counts": y, "size_factors": s},
        "dispersion_trend_gamma_glm": {"covariates": pd.Series(1 / y.mean(axis=0)), "targets": pd.Series(alpha)},
        "lfc_shrink_nbinom_glm": {"design_matrix": X, "counts": y, "size": 1 / alpha, "offset": np.log(s),
                                  "prior_no_shrink_scale": 15, "prior_scale": 1.0, "optimizer": "L-BFGS-B",
                                  "shrink_index": 4},
    }  # fmt: skip


METHODS = [
    "lin_reg_mu", "irls", "alpha_mle", "wald_test", "fit_rough_dispersions", "fit_moments_dispersions",
    "dispersion_trend_gamma_glm", "lfc_shrink_nbinom_glm",
]  # fmt: skip
WITHOUT_MATRIX = ("fit_moments_dispersions", "dispersion_trend_gamma_glm")


def refused(method, arguments):
    with pytest.raises((DesignError, FormatError)) as error:
        getattr(KERNELS, method)(**arguments)
    for problem in error.value.problems:
        assert all(problem.as_dict().values())
    return error.value


def arrays_of(arguments):
    return {name: np.asarray(value) for name, value in arguments.items() if np.ndim(value) > 0}


def as_before(before, array):
    return pd.Series(array) if isinstance(before, pd.Series) and np.ndim(array) == 1 else array


@pytest.mark.parametrize("method", METHODS)
def test_sound_arguments_are_answered(calls, method):
    found = getattr(KERNELS, method)(**calls[method])
    for part in found if isinstance(found, tuple) else (found,):
        assert np.isfinite(np.asarray(part, dtype=float)).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_missing_and_infinite_values_are_refused(calls, method, value):
    for name, array in arrays_of(calls[method]).items():
        broken = array.astype(float)
        broken.flat[0] = value
        if method == "wald_test" and np.isnan(value) and name in ("disp", "lfc", "mu"):
            continue  # genes without a fit
        if (name, value) in (("offset", -np.inf), ("size", np.inf), ("size", -np.inf)):
            continue  # see the zeros
        refused(method, calls[method] | {name: as_before(calls[method][name], broken)})


@pytest.mark.parametrize("method", METHODS)
def test_shapes_that_do_not_agree_are_refused(calls, method):
    for name, array in arrays_of(calls[method]).items():
        for wrong in (array[:-1], np.concatenate([array, array[:1]])):
            if name == "design_matrix" or len(arrays_of(calls[method])) > 1:
                refused(method, calls[method] | {name: as_before(calls[method][name], wrong)})


@pytest.mark.parametrize("method", [method for method in METHODS if method not in WITHOUT_MATRIX])
def test_a_rank_deficient_matrix_is_a_design_error(calls, method):
    arguments = calls[method]
    matrix = arguments["design_matrix"].copy()
    matrix[:, 4] = matrix[:, :4].sum(axis=1)
    error = refused(method, arguments | {"design_matrix": matrix})
    assert isinstance(error, DesignError)
    assert "rank 4" in str(error)
    saturated = refused(method, arguments | {"design_matrix": np.eye(8)})
    assert "more libraries than columns" in str(saturated)


@pytest.mark.parametrize(
    ("method", "name"),
    [("lin_reg_mu", "size_factors"), ("irls", "size_factors"), ("irls", "disp"), ("alpha_mle", "mu"),
     ("alpha_mle", "prior_disp_var"), ("alpha_mle", "start"), ("fit_moments_dispersions", "size_factors"),
     ("lfc_shrink_nbinom_glm", "size"), ("lfc_shrink_nbinom_glm", "prior_scale"),
     ("lfc_shrink_nbinom_glm", "prior_no_shrink_scale"), ("dispersion_trend_gamma_glm", "covariates")],
)  # fmt: skip
def test_zeros_that_mean_nothing_are_refused(calls, method, name):
    assert isinstance(refused(method, calls[method] | {name: calls[method][name] * 0}), FormatError)


def test_an_offset_beyond_every_number_is_refused(calls):
    for value in (1e4, -np.inf):
        offset = np.full(8, value)
        refused("lfc_shrink_nbinom_glm", calls["lfc_shrink_nbinom_glm"] | {"offset": offset})
    refused("lfc_shrink_nbinom_glm", calls["lfc_shrink_nbinom_glm"] | {"shrink_index": 5})


def test_all_problems_come_at_once(calls):
    broken = {"counts": -calls["irls"]["counts"], "size_factors": np.zeros(8), "disp": np.ones(3)}
    error = refused("irls", calls["irls"] | broken | {"design_matrix": np.ones((8, 2))})
    for part in ("counts", "size_factors", "dispersions of shape (3,)", "rank 1"):
        assert part in str(error)


def test_genes_without_a_fit_get_no_p_and_leave_the_others_alone(calls):
    arguments = calls["wald_test"]
    whole = KERNELS.wald_test(**arguments)
    lfc, mu, disp = arguments["lfc"].copy(), arguments["mu"].copy(), arguments["disp"].copy()
    lfc[2], mu[:, 2], disp[2] = np.nan, np.nan, np.nan
    for one, other in zip(KERNELS.wald_test(**arguments | {"lfc": lfc, "mu": mu, "disp": disp}), whole, strict=True):
        assert np.isnan(one[2])
        np.testing.assert_allclose(np.delete(one, 2), np.delete(other, 2), rtol=1e-12)


def test_a_trend_that_gamma_regression_cannot_fit_says_so(monkeypatch, calls):
    monkeypatch.setattr(inference, "gamma_identity", lambda *args: None)
    coefficients, predictions, converged = KERNELS.dispersion_trend_gamma_glm(**calls["dispersion_trend_gamma_glm"])
    assert not converged
    assert np.isnan(coefficients).all()
    assert np.isnan(predictions).all()


def test_no_threads_means_every_core():
    assert BatchedInference(0).threads == available_threads()
    assert BatchedInference(3).threads == 3


@pytest.fixture(scope="module")
def both(draw):
    """The same plain model of PyDESeq2 with its own kernels and with these."""
    data = draw(21, n_genes=60, n_pairs=6, log_mean=5.5)
    names = [f"L{i}" for i in range(12)]
    counts = pd.DataFrame(data.counts.T.astype(int), index=names, columns=[f"G{i}" for i in range(60)])
    design = pd.DataFrame(data.matrix, index=names, columns=[*(f"P{i}" for i in range(6)), "week1"])
    found = []
    for kernels in (DefaultInference(n_cpus=1), BatchedInference()):
        with quiet([]):
            dds = DeseqDataSet(
                counts=counts, metadata=pd.DataFrame({"x": names}, index=names), design=design, inference=kernels,
                quiet=True,
            )  # fmt: skip
            dds.deseq2()
            stats = DeseqStats(dds, np.eye(7)[-1], inference=kernels, quiet=True)
            stats.summary()
            table = stats.results_df.copy()
            stats.lfc_shrink("week1")
        found.append((dds, table, stats.results_df))
    return found


@pytest.mark.parametrize("stage", ["_MoM_dispersions", "genewise_dispersions", "dispersions"])
def test_a_plain_model_finds_the_dispersions_of_pydeseq2(both, stage):
    theirs, mine = (dds.var[stage] for dds, *_ in both)
    inside = (theirs > 1e-4) & (mine > 1e-4)
    distance = np.abs(np.log(mine[inside]) - np.log(theirs[inside]))
    # R's search ends where a step gains less than 1e-6: at a flat top that is up to a tenth away
    assert distance.median() < 1e-3
    assert distance.quantile(0.95) < 0.02
    assert distance.max() < 0.1
    assert inside.sum() > 50


def test_a_plain_model_finds_the_table_of_pydeseq2(both):
    (_, theirs, theirs_shrunk), (_, mine, mine_shrunk) = both
    np.testing.assert_allclose(mine["baseMean"], theirs["baseMean"], rtol=1e-12)
    # what the dispersions above leave over
    for name in ("log2FoldChange", "lfcSE"):
        np.testing.assert_allclose(mine[name], theirs[name], atol=0.01, rtol=0.02)
    np.testing.assert_allclose(np.log10(mine["pvalue"]), np.log10(theirs["pvalue"]), rtol=0.05, atol=0.02)
    # not the errors: PyDESeq2 adds the curvature of the prior to every row of its matrix, not to the diagonal alone
    np.testing.assert_allclose(mine_shrunk["log2FoldChange"], theirs_shrunk["log2FoldChange"], atol=0.01, rtol=0.02)
    assert (mine_shrunk["log2FoldChange"] - mine["log2FoldChange"]).abs().max() > 0.01
