"""The reference curve: right degrees of freedom, intervals that agree with p, and a tail that holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import polygamma
from scipy.stats import chi2, norm, t

from dermshift.design import Ask, plan
from dermshift.engines import EngineOptions, get
from dermshift.engines.deseq2.reference import LARGEST_DF, prior_df

ENGINE = get("deseq2")


@pytest.mark.parametrize("df", [0.5, 3.0, 4.4, 11.0, 250.0])
def test_prior_df_inverts_the_variance_of_a_log_chi_square(df: float) -> None:
    assert prior_df(float(polygamma(1, df / 2))) == pytest.approx(df, rel=1e-9)


def test_prior_df_against_drawn_log_variances() -> None:
    draws = np.log(chi2.rvs(9, size=400_000, random_state=1))
    assert prior_df(draws.var()) == pytest.approx(9, rel=0.02)


def test_no_scatter_means_a_normal_curve() -> None:
    assert prior_df(0.0) == LARGEST_DF


def both(make_study) -> dict[str, pd.DataFrame]:
    study = make_study()
    designs = plan(study.sheet, study.timepoints, [Ask()])
    return {
        curve: ENGINE.run(study, designs, EngineOptions(shrink=False, reference=curve)).tables["response"]
        for curve in ("t", "normal")
    }


def test_curves_share_estimates_and_differ_in_p(make_study) -> None:
    tables = both(make_study)
    same = ["gene_id", "log2_fold_change", "standard_error", "statistic", "status", "n_pairs"]
    pd.testing.assert_frame_equal(tables["t"][same], tables["normal"][same])
    tested = tables["t"]["status"] == "tested"
    student, normal = (tables[curve][tested] for curve in ("t", "normal"))
    np.testing.assert_allclose(normal["p_value"], 2 * norm.sf(normal["statistic"].abs()), rtol=1e-9)
    np.testing.assert_allclose(student["p_value"], 2 * t.sf(student["statistic"].abs(), student["df"]), rtol=1e-12)
    assert (student["p_value"] > normal["p_value"]).all()
    assert (student["df"] >= normal["df"]).all()  # the prior adds to the residual ones


@pytest.mark.parametrize("curve", ["t", "normal"])
def test_interval_excludes_zero_exactly_when_p_is_below_five_percent(make_study, curve: str) -> None:
    table = both(make_study)[curve].dropna(subset="p_value")
    excludes = (table["ci_lower"] > 0) | (table["ci_upper"] < 0)
    assert (excludes == (table["p_value"] < 0.05)).all()
