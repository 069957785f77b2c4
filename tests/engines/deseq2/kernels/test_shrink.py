"""Shrunken coefficients of one gene against general optimisers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import cauchy, nbinom, norm

from dermshift.engines.deseq2.glm import first_guess
from dermshift.engines.deseq2.kernels import shrink as kernel
from dermshift.engines.deseq2.kernels.gram import design_rows
from dermshift.engines.deseq2.kernels.heavy_tail import HeavyTail, board, look, workspace

SEEDS = st.integers(0, 2**32 - 1)
WIDE = 15.0


def tail(data, scale=0.3):
    return HeavyTail(column=data.matrix.shape[1] - 1, scale=scale, wide=WIDE)


def shrink(data, prior):
    beta = first_guess(data.counts, data.size_factors, data.matrix)
    n_genes, p = beta.shape
    covariance, converged = np.empty((n_genes, p, p)), np.zeros(n_genes, dtype=np.bool_)
    fixed = (data.counts, data.dispersions, data.size_factors, design_rows(data.matrix), prior)
    kernel.shrink_block(0, n_genes, *fixed, beta, converged)
    kernel.covariance_block(0, n_genes, *fixed, beta, covariance)
    return beta, covariance, converged


def walk(data, gene, begin, prior):
    """Return where one walk alone ends, its loss, and whether it is at a mode."""
    rows = design_rows(data.matrix)
    work, lane = workspace(rows), 5
    board(work, lane, 0, data.counts[gene], data.dispersions[gene], begin)
    while not work.ends[lane]:
        look(work, rows, data.size_factors, np.log(data.size_factors), prior)
        kernel.judge(work)
    return work.beta[:, lane].copy(), work.at[lane], work.settled[lane]


def naive_loss(beta, data, gene, prior):
    """Negative log posterior from the densities of scipy; their constants included."""
    mu = data.size_factors * np.exp(data.matrix @ beta)
    alpha = data.dispersions[gene]
    value = -nbinom.logpmf(data.counts[gene], 1 / alpha, 1 / (1 + alpha * mu)).sum()
    wide = np.arange(len(beta)) != prior.column
    return (
        value - norm.logpdf(beta[wide], scale=prior.wide).sum() - cauchy.logpdf(beta[prior.column], scale=prior.scale)
    )


def naive_walk(data, gene, prior, effect):
    """Where a general optimiser ends that starts from this effect."""
    begin = first_guess(data.counts, data.size_factors, data.matrix)[gene]
    begin[prior.column] = effect
    options = {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000, "maxfev": 4000}
    return minimize(naive_loss, begin, args=(data, gene, prior), method="Nelder-Mead", options=options)


def naive_mode(data, gene, prior):
    """The best of several walks, from effects on both sides."""
    walks = [naive_walk(data, gene, prior, effect) for effect in (0.0, -1.0, 1.0, -4.0, 4.0)]
    return min(walks, key=lambda walk: walk.fun)


def hessian(data, gene, prior, at, step=1e-4):
    p = len(at)
    out, unit = np.empty((p, p)), step * np.eye(p)
    for i in range(p):
        for j in range(p):
            corners = [at + a * unit[i] + b * unit[j] for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
            values = [naive_loss(corner, data, gene, prior) for corner in corners]
            out[i, j] = (values[0] - values[1] - values[2] + values[3]) / (4 * step**2)
    return out


def bimodal(draw):
    """Two visits that differ under a prior far narrower than their difference: both zero and the difference are modes.

    The difference is the better one in the first gene, zero in the second.
    """
    data = draw(0, n_genes=2, n_pairs=3, paired=False)
    data.size_factors = np.ones(6)
    data.counts = np.array([[8.0, 33, 10, 38, 7, 28], [8, 23, 10, 28, 7, 18]])
    data.dispersions = np.array([0.05, 0.05])
    return data


def test_modes_and_their_losses_are_those_of_a_general_optimiser(draw):
    data = draw(7, n_genes=8, n_pairs=3, paired=False)
    prior = tail(data)
    beta, _, converged = shrink(data, prior)
    assert converged.all()
    for gene in range(8):
        best = naive_mode(data, gene, prior)
        # a simplex stops where the loss moves by 1e-11: the square root of it in the place
        np.testing.assert_allclose(beta[gene], best.x, atol=2e-5)
        assert naive_loss(beta[gene], data, gene, prior) <= best.fun + 1e-9


@given(SEEDS, st.sampled_from([0.01, 0.1, 1.0]), st.booleans())
def test_the_gradient_is_nothing_at_every_mode(draw, seed, scale, paired):
    data = draw(seed, n_genes=2, paired=paired, log_mean=3.0)
    prior = tail(data, scale)
    beta, _, converged = shrink(data, prior)
    for gene in np.flatnonzero(converged):
        for step in 1e-4 * np.eye(len(beta[gene])):
            up, down = (naive_loss(beta[gene] + side * step, data, gene, prior) for side in (1, -1))
            assert (up - down) / 2e-4 == pytest.approx(
                0, abs=1e-3 / scale
            )  # third derivatives grow as the prior narrows
    assert converged.all()


def test_walks_arrive_where_large_counts_hide_the_last_gains_in_rounding(draw):
    data = draw(5, n_genes=3000, n_pairs=12, log_mean=11.0)
    assert shrink(data, tail(data, 0.03))[2].all()


def test_the_better_of_two_modes_wins(draw):
    data = bimodal(draw)
    prior = HeavyTail(column=1, scale=0.02, wide=WIDE)
    beta, _, converged = shrink(data, prior)
    for gene in range(2):
        modes = [naive_walk(data, gene, prior, effect) for effect in (0.0, 1.0)]
        assert abs(modes[0].x[1] - modes[1].x[1]) > 0.5  # there are two
        assert naive_loss(beta[gene], data, gene, prior) <= min(mode.fun for mode in modes) + 1e-9
    assert converged.all()
    assert beta[0, 1] > 1.0
    assert abs(beta[1, 1]) < 0.1


def test_one_walk_alone_would_end_in_the_worse_mode(draw):
    data = bimodal(draw)
    prior = HeavyTail(column=1, scale=0.02, wide=WIDE)
    ends = []
    for gene in range(2):
        start = first_guess(data.counts, data.size_factors, data.matrix)[gene]
        for begin in (start, start * [1, 0]):
            beta, loss, settled = walk(data, gene, begin, prior)
            assert settled
            ends.append((loss, beta[1]))
    (from_guess, from_zero), (other_guess, other_zero) = ends[:2], ends[2:]
    assert from_guess[1] > 1 > abs(from_zero[1])
    assert from_guess[0] < from_zero[0] - 0.1
    assert other_zero[0] < other_guess[0] - 0.1


def test_covariance_is_the_inverse_of_the_second_derivative(draw):
    data = draw(7, n_genes=4, n_pairs=3)
    prior = tail(data, 1.0)
    beta, covariance, _ = shrink(data, prior)
    for gene in range(4):
        expected = np.linalg.inv(hessian(data, gene, prior, beta[gene]))
        np.testing.assert_allclose(covariance[gene], expected, rtol=1e-3, atol=1e-5)  # numeric second derivatives


def test_another_prior_would_be_seen(draw):
    data = draw(7, n_genes=8, n_pairs=3, paired=False)
    beta = shrink(data, tail(data))[0][:, -1]
    plain = first_guess(data.counts, data.size_factors, data.matrix)[:, -1]
    normal = [
        minimize(
            lambda b, g=gene: (
                naive_loss(b, data, g, tail(data)) + cauchy.logpdf(b[-1], scale=0.3) - norm.logpdf(b[-1], scale=0.3)
            ),
            [5.0, 0.0],
        ).x[-1]
        for gene in range(8)
    ]
    assert np.abs(beta - normal).max() > 0.1
    assert np.abs(beta - shrink(data, tail(data, 0.3 / np.log(2)))[0][:, -1]).max() > 0.005
    assert (np.abs(beta) < np.abs(plain)).mean() > 0.5
