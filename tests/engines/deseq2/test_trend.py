"""The dispersion trend against R DESeq2's, with its fallback."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dermshift.engines.deseq2 import trend
from dermshift.engines.deseq2.gamma import gamma_identity
from dermshift.engines.deseq2.trend import fit_trend
from dermshift.errors import DesignError

CURVES = Path(__file__).resolve().parents[2] / "reference" / "curves"
TOLERANCE = 1e-10
LOCAL_TOLERANCE = {"few": 1e-6}  # ten genes, seven of them near: R's solver is far from the solution
PARAMETRIC = ["typical", "floor", "steep", "few"]


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(CURVES / f"{name}.csv.gz", float_precision="round_trip")


def trend_genes(case: str) -> pd.DataFrame:
    return read("trend_genes").query("case == @case")


def trend_of_r(case: str, asked: str) -> pd.DataFrame:
    return read("trend").query("case == @case and asked == @asked")


def relative(found, expected) -> float:
    return float(np.max(np.abs(np.asarray(found) / np.asarray(expected) - 1)))


@pytest.fixture(scope="module")
def airway_dispersions(real_data) -> pd.DataFrame:
    file = real_data.parent / "reference" / "airway_paired_dispersions.csv.gz"
    if not file.is_file():
        pytest.skip(f"reference table not found at {file}")
    return pd.read_csv(file, index_col=0, float_precision="round_trip").dropna(subset="dispGeneEst")


@pytest.mark.parametrize("case", PARAMETRIC)
def test_parametric_trend_is_that_of_r(case):
    genes, expected = trend_genes(case), trend_of_r(case, "parametric")
    fitted = fit_trend(genes["mean"], genes["dispersion"])
    assert fitted.kind == "parametric"
    assert relative(fitted.coefficients, expected[["a", "b"]].iloc[0]) < TOLERANCE
    assert relative(fitted(expected["mean"]), expected["dispersion"]) < TOLERANCE
    assert fitted.n_genes == (genes["dispersion"] > 1e-6).sum()


@pytest.mark.parametrize(
    ("name", "value"), [("WINDOW", (0, np.inf)), ("USED", 0), ("SETTLED", 10.0)], ids=["no window", "floor", "one pass"]
)
def test_another_rule_gives_another_trend(name, value, monkeypatch):
    genes, expected = trend_genes("floor"), trend_of_r("floor", "parametric")
    monkeypatch.setattr(trend, name, value)
    fitted = fit_trend(genes["mean"], genes["dispersion"])
    assert relative(fitted(expected["mean"]), expected["dispersion"]) > 100 * TOLERANCE


def test_residuals_are_selected_from_all_genes_at_every_pass():
    """Discarding for good, pass after pass, is what PyDESeq2 does."""
    genes, expected = trend_genes("floor"), trend_of_r("floor", "parametric")
    kept = genes[genes["dispersion"] > 1e-6]
    coefficients = np.array(trend.START)
    for _ in range(10):
        X = np.column_stack([np.ones(len(kept)), 1 / kept["mean"]])
        coefficients = gamma_identity(kept["dispersion"], X, trend.START).coefficients
        kept = kept[(kept["dispersion"] / (X @ coefficients)).between(*trend.WINDOW)]
    a, b = coefficients
    assert relative(a + b / expected["mean"], expected["dispersion"]) > 100 * TOLERANCE


@pytest.mark.parametrize("asked", ["parametric", "local"])
def test_a_trend_that_rises_is_fitted_locally(asked):
    genes, expected = trend_genes("rising"), trend_of_r("rising", "parametric")
    fitted = fit_trend(genes["mean"], genes["dispersion"], kind=asked)
    assert fitted.kind == "local"
    assert fitted.coefficients is None
    assert relative(fitted(expected["mean"]), expected["dispersion"]) < 1e-8


@pytest.mark.parametrize("case", [*PARAMETRIC, "rising"])
@pytest.mark.parametrize("kind", ["local", "mean"])
def test_other_kinds_are_those_of_r(case, kind):
    genes, expected = trend_genes(case), trend_of_r(case, kind)
    fitted = fit_trend(genes["mean"], genes["dispersion"], kind=kind)
    assert relative(fitted(expected["mean"]), expected["dispersion"]) < LOCAL_TOLERANCE.get(case, 1e-8)


def test_mean_of_the_used_genes_alone_is_another_value():
    genes, expected = trend_genes("floor"), trend_of_r("floor", "mean")
    used = genes.loc[genes["dispersion"] > 1e-6, "dispersion"]
    assert relative(trend.trimmed_mean(used.to_numpy(), 0.001), expected["dispersion"]) > 1e-3


@pytest.mark.parametrize(("case", "rows"), list(read("gamma").groupby("case")), ids=lambda part: str(part)[:6])
def test_gamma_regression_with_shortened_steps_is_that_of_r(case, rows):
    X = np.column_stack([np.ones(len(rows)), rows["x"]])
    fitted = gamma_identity(rows["y"], X, trend.START)
    assert relative(fitted.coefficients, rows[["a", "b"]].iloc[0]) < TOLERANCE
    assert fitted.converged == bool(rows["converged"].iloc[0])


@pytest.mark.parametrize(
    ("x", "y"), [([2.0, 2, 2], [1.0, 2, 3]), ([1.0], [1.0]), ([], [])], ids=["constant", "one gene", "no gene"]
)
def test_gamma_regression_without_a_solution_says_so(x, y):
    assert gamma_identity(y, np.column_stack([np.ones(len(x)), x]), trend.START) is None


def test_genes_of_one_mean_count_get_one_dispersion():
    fitted = fit_trend(np.full(5, 30.0), [0.1, 0.2, 0.3, 0.2, 0.1])
    assert fitted.kind == "local"
    np.testing.assert_allclose(fitted([30.0]), np.exp(np.mean(np.log([0.1, 0.2, 0.3, 0.2, 0.1]))), rtol=1e-12)


def test_without_a_gene_above_the_floor_there_is_no_trend():
    with pytest.raises(DesignError, match=r"no gene with a dispersion above 1e-06[\s\S]*expected:[\s\S]*do:"):
        fit_trend([10.0, 20, 30], [1e-8, 1e-6, np.nan])


def test_order_of_the_genes_does_not_matter():
    genes = trend_genes("typical")
    there, back = (fit_trend(g["mean"], g["dispersion"]) for g in (genes, genes[::-1]))
    np.testing.assert_allclose(there.coefficients, back.coefficients, rtol=1e-12)


def test_dispersion_that_is_missing_is_left_out():
    genes = trend_genes("typical")
    means = [*genes["mean"], 5.0]
    assert fit_trend(means, [*genes["dispersion"], np.nan]) == fit_trend(genes["mean"], genes["dispersion"])


@pytest.mark.real_data
def test_airway_trend_is_that_of_r(airway_dispersions):
    genes = airway_dispersions
    fitted = fit_trend(genes["baseMean"], genes["dispGeneEst"])
    np.testing.assert_allclose(fitted.coefficients, (0.00952224, 3.60010), rtol=2e-6)
    assert relative(fitted(genes["baseMean"]), genes["dispFit"]) < TOLERANCE


@pytest.mark.real_data
def test_airway_local_trend_is_that_of_r(airway_dispersions):
    genes, expected = airway_dispersions, read("airway_local")
    fitted = fit_trend(genes["baseMean"], genes["dispGeneEst"], kind="local")
    assert expected["mean"].min() < genes["baseMean"].min()
    assert relative(fitted(expected["mean"]), expected["dispersion"]) < 1e-8
