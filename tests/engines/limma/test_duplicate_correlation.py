"""The correlation within blocks, against R, against pylimma gene by gene, and against a general optimiser."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylimma import duplicate_correlation as released
from scipy.optimize import minimize
from scipy.stats import trim_mean

from dermshift.engines.limma.duplicate_correlation import duplicate_correlation, strata, trimmed_mean
from dermshift.engines.limma.gate import block_columns

HARD = Path(__file__).parents[2] / "reference" / "limma_hard_blocks"


@pytest.fixture(scope="module")
def hard():
    values, matrix, block = (pd.read_csv(HARD / f"{name}", index_col=0) for name in (
        "values.csv.gz", "design.csv", "block.csv"))  # fmt: skip
    return values.to_numpy(), matrix.to_numpy(float), tuple(block["patient"]), block["weight"].to_numpy()


@pytest.mark.parametrize("case", ["plain", "weighted"])
def test_genes_that_need_the_damping_are_those_of_r(hard, case):
    values, matrix, block, weights = hard
    found = duplicate_correlation(values, matrix, block, weights if case == "weighted" else None)
    expected = pd.read_csv(HARD / "correlations.csv.gz", index_col=0)[case]
    # where the search ends is decided by the same comparisons; only rounding differs
    np.testing.assert_allclose(found.atanh, expected, rtol=1e-8, atol=1e-8)
    consensus = json.loads((HARD / "scalars.json").read_text())[case]
    assert found.consensus == pytest.approx(consensus, rel=1e-12)


def test_the_released_function_departs_from_r_on_some_of_them(hard):
    """It takes one step fewer, and goes on where R stops with an error."""
    values, matrix, block, _ = hard
    with np.errstate(divide="ignore"):
        theirs = released(values, design=matrix, block=np.array(block))["atanh_correlations"]
    expected = pd.read_csv(HARD / "correlations.csv.gz", index_col=0)["plain"]
    assert 0 < (np.abs(theirs - expected) > 1e-8).sum() < len(expected) / 5


@pytest.mark.parametrize("weighted", [False, True])
def test_ordinary_genes_are_those_of_the_released_function(simulated, weighted):
    values, matrix, block = simulated()
    weights = np.random.default_rng(8).uniform(0.3, 3, len(block)) if weighted else None
    mine = duplicate_correlation(values, matrix, block, weights)
    theirs = released(values, design=matrix, block=np.array(block), weights=weights)
    np.testing.assert_allclose(mine.atanh, theirs["atanh_correlations"], rtol=1e-9, atol=1e-11)
    assert mine.consensus == pytest.approx(theirs["consensus_correlation"], rel=1e-11)


@pytest.mark.parametrize("gene", [0, 7, 21])
def test_a_correlation_is_where_a_general_optimiser_ends(simulated, gene):
    values, matrix, block = simulated()
    d, squares = strata(values, matrix, block_columns(block))

    def deviance(log_means):  # means of the strata at d = 0 and d = 2, so that both stay positive
        low, high = np.exp(log_means)
        mu = low + (high - low) * d / 2
        return ((squares[gene] - mu) / mu - np.log(squares[gene] / mu)).sum()

    low, high = np.exp(minimize(deviance, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-10}).x)
    shared = (high - low) / 2
    rho = shared / (low + shared)
    mine = np.tanh(duplicate_correlation(values, matrix, block).atanh[gene])
    assert mine == pytest.approx(np.clip(rho, -0.99, 0.99), abs=1e-5)  # R ends when score and step multiply to 1e-6


def test_a_planted_correlation_is_found():
    rng = np.random.default_rng(2)
    block = tuple(f"P{i}" for i in range(12) for _ in range(3))
    shared = np.repeat(rng.normal(0, np.sqrt(0.6), (3000, 12)), 3, axis=1)
    values = shared + rng.normal(0, np.sqrt(0.4), (3000, 36))
    matrix = np.tile(np.eye(3), (12, 1))
    assert duplicate_correlation(values, matrix, block).consensus == pytest.approx(0.6, abs=0.02)


@given(seed=st.integers(0, 10**6), scale=st.floats(0.01, 100), shift=st.floats(-50, 50))
def test_order_of_libraries_unit_and_level_change_nothing(simulated, seed, scale, shift):
    values, matrix, block = simulated(n_genes=20, seed=seed % 50)
    before = duplicate_correlation(values, matrix, block)
    order = np.random.default_rng(seed).permutation(len(block))
    moved = (values * scale + shift)[:, order]
    after = duplicate_correlation(moved, matrix[order], tuple(block[i] for i in order))
    np.testing.assert_allclose(after.atanh, before.atanh, rtol=1e-6, atol=1e-6)


def test_a_gene_has_its_own_search(simulated):
    values, matrix, block = simulated()
    together = duplicate_correlation(values, matrix, block).atanh
    alone = [duplicate_correlation(values[[g]], matrix, block).atanh[0] for g in range(len(values))]
    np.testing.assert_allclose(together, alone, rtol=1e-12)


def test_correlations_stay_where_their_matrix_is_positive(simulated):
    values, matrix, block = simulated()
    values[0] = np.tile([1.0, -1.0], 7) * np.repeat(np.arange(1, 8), 2)  # opposite within patients
    values[1] = np.repeat(np.random.default_rng(1).normal(0, 9, 7), 2)  # the same within patients
    rho = np.tanh(duplicate_correlation(values, matrix, block).atanh)
    assert rho[:2] == pytest.approx([-0.99, 0.99])
    assert (np.abs(rho) <= 0.99 + 1e-12).all()


def test_a_gene_without_a_value_left_has_none(simulated):
    values, matrix, block = simulated()
    values[3] = 0.0
    found = duplicate_correlation(values, matrix, block)
    assert np.isnan(found.atanh[3])
    assert np.isfinite(found.consensus)
    assert np.isnan(duplicate_correlation(values[[3]], matrix, block).consensus)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=60))
def test_the_mean_is_trimmed_as_in_r(values):
    assert trimmed_mean(np.array(values)) == pytest.approx(trim_mean(values, 0.15), abs=1e-12)


def test_an_array_is_done_in_seconds():
    rng = np.random.default_rng(3)
    values = rng.normal(7, 1, (22_268, 38))
    after = np.tile([0.0, 1.0], 19)
    start = time.perf_counter()
    duplicate_correlation(values, np.column_stack([1 - after, after]), tuple(f"P{i // 2}" for i in range(38)))
    assert time.perf_counter() - start < 10  # a tenth of a second on an idle machine; gene by gene it takes minutes
