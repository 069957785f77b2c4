"""Independent filtering against R DESeq2's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pydeseq2.utils
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.engines.deseq2 import filtering
from dermshift.engines.deseq2.filtering import independent_filter
from dermshift.engines.deseq2.lowess import lowess
from dermshift.fdr import benjamini_hochberg

CURVES = Path(__file__).resolve().parents[2] / "reference" / "curves"
TOLERANCE = 1e-12
CASES = ["typical", "weak", "nothing", "sparse", "missing", "ties", "strong", "noisy19", "noisy21", "noisy75"]


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(CURVES / f"{name}.csv.gz", float_precision="round_trip")


def same(found, expected) -> bool:
    """Tell whether the same rows are missing and the others agree."""
    found, expected = np.asarray(found), np.asarray(expected)
    return bool(
        (np.isnan(found) == np.isnan(expected)).all() and np.allclose(found, expected, TOLERANCE, 0, equal_nan=True)
    )


@pytest.fixture(scope="module")
def filter_tests() -> pd.DataFrame:
    return read("filter_tests")


@pytest.fixture(scope="module")
def filter_of_r() -> pd.DataFrame:
    return read("filter")


@pytest.mark.parametrize("alpha", [0.05, 0.1, 0.4])
@pytest.mark.parametrize("case", CASES)
def test_filter_is_that_of_r(case, alpha, filter_tests, filter_of_r):
    tests = filter_tests[filter_tests["case"] == case]
    expected = filter_of_r[(filter_of_r["case"] == case) & (filter_of_r["alpha"] == alpha)]
    found = independent_filter(tests["mean"], tests["p"], alpha)
    assert same(found.fdr, expected["padj"])
    assert found.threshold == expected["threshold"].iloc[0]
    assert found.theta == pytest.approx(expected["theta"].iloc[0], rel=1e-14, abs=0)
    assert found.rejections == (expected["padj"] < alpha).sum()


@pytest.mark.parametrize("rule", ["pydeseq2", "most", "none"])
def test_another_rule_gives_another_table(rule, filter_tests, filter_of_r, monkeypatch):
    wrong = {
        "pydeseq2": ("lowess", lambda x, y, f: pydeseq2.utils.lowess(x, y, frac=f)),
        "most": ("chosen", lambda theta, rejections: int(np.argmax(rejections))),
        "none": ("chosen", lambda theta, rejections: 0),
    }
    monkeypatch.setattr(filtering, *wrong[rule])
    differing = 0
    for (case, alpha), expected in filter_of_r.groupby(["case", "alpha"]):
        tests = filter_tests[filter_tests["case"] == case]
        differing += not same(independent_filter(tests["mean"], tests["p"], alpha).fdr, expected["padj"])
    assert differing >= 3


@pytest.mark.parametrize("case", ["flat", "hill", "noise", "spikes", "rising", "cliff", "zeros", "small"])
def test_lowess_is_that_of_r_to_the_last_digit(case):
    rows = read("lowess").query("case == @case")
    theta = np.linspace(0.137, 0.95, 50)
    assert (lowess(theta, rows["n"], 1 / 5) == rows["y"]).all()


def test_lowess_of_pydeseq2_is_another_curve():
    rows = read("lowess").query("case == 'hill'")
    theirs = pydeseq2.utils.lowess(rows["theta"].to_numpy(), rows["n"].to_numpy(float), frac=1 / 5)
    assert np.abs(theirs - rows["y"]).max() > 1


def test_rejections_are_counted_as_adjusted_values_would_be(filter_tests):
    tests = filter_tests[filter_tests["case"] == "ties"]
    means, p = tests["mean"].to_numpy(), tests["p"].to_numpy()
    cutoffs = filtering.quantiles(means, filtering.shares_left_out(means))
    naive = [np.sum(benjamini_hochberg(np.where(means >= c, p, np.nan)) < 0.1) for c in cutoffs]
    assert filtering.rejection_counts(means, p, cutoffs, 0.1).tolist() == naive


def test_filtered_genes_are_those_below_the_threshold(filter_tests):
    tests = filter_tests[filter_tests["case"] == "missing"]
    found = independent_filter(tests["mean"], tests["p"], 0.1)
    tested = tests["p"].notna() & (tests["mean"] >= found.threshold)
    assert (np.isnan(found.fdr) == ~tested).all()
    np.testing.assert_array_equal(found.fdr, benjamini_hochberg(tests["p"].where(tested)))


def test_without_a_p_value_nothing_is_left_out():
    found = independent_filter([0.0, 1, 2], [np.nan] * 3, 0.1)
    assert np.isnan(found.fdr).all()
    assert found.rejections == 0


@given(st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1)), min_size=1, max_size=40), st.randoms())
def test_order_of_the_genes_does_not_matter(genes, random):
    shuffled = genes.copy()
    random.shuffle(shuffled)
    there, back = (independent_filter(*zip(*g, strict=True), 0.3) for g in (genes, shuffled))
    assert there.threshold == back.threshold
    np.testing.assert_array_equal(np.sort(there.fdr), np.sort(back.fdr))


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["wald", "wald_lfc1", "lrt"])
def test_airway_filter_is_that_of_r(name, real_data):
    file = real_data.parent / "reference" / f"airway_paired_{name}.csv.gz"
    if not file.is_file():
        pytest.skip(f"reference table not found at {file}")
    table = pd.read_csv(file, index_col=0, float_precision="round_trip")
    assert same(independent_filter(table["baseMean"], table["pvalue"], 0.1).fdr, table["padj"])
