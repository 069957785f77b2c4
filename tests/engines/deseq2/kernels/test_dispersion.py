"""Cox-Reid adjusted likelihood of the dispersion, a gene in every lane, against scipy and one gene at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import gammaln
from scipy.stats import nbinom

from dermshift.engines.deseq2.kernels import dispersion as kernel
from dermshift.engines.deseq2.kernels import search as search_kernel
from dermshift.engines.deseq2.kernels.dispersion import Prior
from dermshift.engines.deseq2.kernels.gram import design_rows
from dermshift.engines.deseq2.kernels.lanes import LANES

SEEDS = st.integers(0, 2**32 - 1)
CENTRE = math.log(0.1)
PRIORS = [Prior(used, 0.6, cox_reid) for used in (False, True) for cox_reid in (False, True)]
OWN, DRAWN = Prior(used=False, variance=1.0, cox_reid=True), Prior(used=True, variance=0.6, cox_reid=True)
LOWEST = math.log(1e-9)


def naive_posterior(log_alpha, y, mu, X, prior):
    """Log pmf by scipy, determinant by numpy; the part that no dispersion changes is taken away."""
    alpha = np.exp(log_alpha)
    value = nbinom.logpmf(y, 1 / alpha, 1 / (1 + alpha * mu)).sum() - (y * np.log(mu) - gammaln(y + 1)).sum()
    if prior.cox_reid:
        weights = mu / (1 + alpha * mu)
        value -= 0.5 * np.linalg.slogdet(X.T @ (weights[:, None] * X))[1]
    if prior.used:
        value -= 0.5 * (log_alpha - CENTRE) ** 2 / prior.variance
    return value


def evaluated(data, gene, log_alpha, prior):
    """Return the log posterior and its derivative, asked for in one lane beside other genes and dispersions."""
    rows = design_rows(data.matrix)
    work, places, lane = kernel.workspace(rows), np.linspace(-9, 2, LANES), gene % LANES
    for other in range(LANES):
        kernel.board(work, other, data.counts[0] + other, data.mu[0], 0.0)
    kernel.board(work, lane, data.counts[gene], data.mu[gene], CENTRE)
    places[lane] = log_alpha
    kernel.evaluate(places, rows, prior, work)
    return work.value[lane], work.slope[lane]


def posterior(data, gene, log_alpha, prior):
    return evaluated(data, gene, log_alpha, prior)[0]


def search(data, gene, start, prior):
    """Return where the search of one gene ends, its trials, and the log posterior at the start and at the end."""
    n = len(data.counts)
    out, first, last, trials = np.empty(n), np.empty(n), np.empty(n), np.zeros(n, dtype=np.int64)
    search_kernel.search_block(
        gene, gene + 1, data.counts, data.mu, design_rows(data.matrix), np.full(n, start), np.full(n, CENTRE), prior,
        LOWEST, out, trials, first, last,
    )  # fmt: skip
    return out[gene], trials[gene], first[gene], last[gene]


def naive_optimum(data, gene, prior):
    y, mu, bounds = data.counts[gene], data.mu[gene], (math.log(1e-8), 3.0)
    found = minimize_scalar(
        lambda a: -naive_posterior(a, y, mu, data.matrix, prior),
        bounds=bounds,
        method="bounded",
        options={"xatol": 1e-9},
    )
    return found.x


@given(SEEDS, st.sampled_from(PRIORS), st.floats(-10, 3))
def test_posterior_is_that_of_a_naive_loop(draw, seed, prior, log_alpha):
    data = draw(seed, n_genes=1)
    expected = naive_posterior(log_alpha, data.counts[0], data.mu[0], data.matrix, prior)
    # log gammas of size and size + count cancel, at a size of 2e4 in the eleventh digit
    assert posterior(data, 0, log_alpha, prior) == pytest.approx(expected, rel=1e-9, abs=1e-7)


def test_each_term_counts(draw):
    data = draw(3)
    y, mu, X = data.counts[0], data.mu[0], data.matrix
    for prior in PRIORS:
        mine = posterior(data, 0, -1.0, prior)
        others = [naive_posterior(-1.0, y, mu, X, other) for other in PRIORS if other != prior]
        others.append(naive_posterior(-1.0, y, mu + 1, X, prior))
        others.append(naive_posterior(-1.0 / math.log(2), y, mu, X, prior))  # log2 for natural
        assert all(abs(mine - other) > 0.1 for other in others)


@given(SEEDS, st.sampled_from(PRIORS), st.floats(-5, 2))
def test_slope_is_the_numeric_derivative(draw, seed, prior, log_alpha):
    data = draw(seed, n_genes=1)
    y, mu = data.counts[0], data.mu[0]
    mine = evaluated(data, 0, log_alpha, prior)[1]
    ends = [naive_posterior(log_alpha + h, y, mu, data.matrix, prior) for h in (-1e-4, 1e-4)]
    # the square of the step, and rounding of two values divided by it
    assert mine == pytest.approx((ends[1] - ends[0]) / 2e-4, rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("prior", [OWN, DRAWN], ids=["own", "drawn"])
def test_search_climbs_to_the_optimum(draw, prior):
    data = draw(8, n_genes=30, n_pairs=5)
    for gene in range(30):
        best_at = naive_optimum(data, gene, prior)
        if prior is OWN and best_at < math.log(1e-4):
            continue  # the likelihood is flat below: any place is as good, see the floor's own test
        found, trials, first, last = search(data, gene, math.log(0.3), prior)
        assert trials < search_kernel.STEPS
        assert last >= first
        # a step that gains less than 1e-6 ends the search: as high as the optimum to a few of those
        assert posterior(data, gene, found, prior) == pytest.approx(last, abs=1e-12)
        assert last >= posterior(data, gene, best_at, prior) - 1e-4
        assert found == pytest.approx(best_at, abs=0.05)


def test_without_the_cox_reid_term_the_optimum_is_elsewhere(draw):
    data = draw(8, n_genes=30, n_pairs=5)
    plain = Prior(used=False, variance=1.0, cox_reid=False)
    gaps = [abs(naive_optimum(data, g, plain) - naive_optimum(data, g, OWN)) for g in range(30)]
    assert np.median(gaps) > 0.2  # five of ten degrees of freedom are spent on the means


def test_a_gene_without_extra_variation_runs_to_the_floor(draw):
    data = draw(1)
    data.counts[0] = np.round(data.mu[0])
    found, *_ = search(data, 0, math.log(0.1), OWN)
    assert found < math.log(1e-3)  # far below any that was drawn; where it stops is where a step gains too little


def test_search_stays_within_its_limits(draw):
    data = draw(1)
    data.counts[0], data.mu[0] = 0.0, 1e-3
    data.counts[0, 0] = 1e6
    found, *_ = search(data, 0, 9.0, OWN)
    assert found <= search_kernel.HIGHEST
    data.counts[0] = np.round(data.mu[0])
    assert search(data, 0, -20.0, OWN)[0] >= search_kernel.LOWEST


@pytest.mark.parametrize("prior", [OWN, DRAWN], ids=["own", "drawn"])
def test_grid_is_a_naive_grid_refined_once(draw, prior):
    data = draw(8, n_genes=10)
    rows, out, centre = design_rows(data.matrix), np.empty(10), np.full(10, CENTRE)
    search_kernel.grid_block(
        0, 10, np.arange(10), data.counts, data.mu, rows, centre, prior, math.log(10), out
    )  # fmt: skip
    for gene in range(10):
        y, mu = data.counts[gene], data.mu[gene]
        grid = np.linspace(math.log(1e-8), math.log(10), 20)
        for _ in range(2):
            values = [naive_posterior(a, y, mu, data.matrix, prior) for a in grid]
            best, width = grid[int(np.argmax(values))], grid[1] - grid[0]
            grid = np.linspace(best - width, best + width, 20)
        assert out[gene] == pytest.approx(best, abs=1e-9)


def test_company_changes_no_bit(draw):
    """More genes than lanes, whose walks end at different times, beside each walking alone."""
    data = draw(8, n_genes=3 * LANES + 1)
    n = len(data.counts)
    found = [np.empty(n), np.zeros(n, dtype=np.int64), np.empty(n), np.empty(n)]
    search_kernel.search_block(
        0, n, data.counts, data.mu, design_rows(data.matrix), np.full(n, -1.0), np.full(n, CENTRE), DRAWN, LOWEST,
        *found,
    )  # fmt: skip
    assert len(set(found[1])) > 3
    for gene in range(n):
        assert search(data, gene, -1.0, DRAWN) == tuple(column[gene] for column in found)


def test_blocks_write_their_genes_only(draw):
    data = draw(8, n_genes=6)
    rows = design_rows(data.matrix)
    out, first, last, trials = np.full(6, -99.0), np.empty(6), np.empty(6), np.zeros(6, dtype=np.int64)
    start, centre = np.full(6, -1.0), np.full(6, CENTRE)
    search_kernel.search_block(2, 4, data.counts, data.mu, rows, start, centre, DRAWN, LOWEST, out, trials, first, last)
    assert (out != -99).tolist() == [False, False, True, True, False, False]
    assert out[2] == search(data, 2, -1.0, DRAWN)[0]
    search_kernel.grid_block(0, 1, np.array([5]), data.counts, data.mu, rows, centre, DRAWN, math.log(10), out)
    assert (out != -99).tolist() == [False, False, True, True, False, True]


def test_a_singular_information_gives_nan_and_no_error(draw):
    data = draw(8)
    data.matrix = np.column_stack([data.matrix, np.zeros(len(data.matrix))])
    assert np.isnan(posterior(data, 0, -1.0, OWN))
    assert search(data, 0, -1.0, OWN)[1] == search_kernel.STEPS
