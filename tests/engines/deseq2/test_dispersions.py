"""Dispersions of many genes: the rules around the search, against naive loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.engines.deseq2 import blocks, dispersions
from dermshift.engines.deseq2.glm import fit_coefficients

SEEDS = st.integers(0, 2**32 - 1)
LOWEST, HIGHEST = 1e-8, 10.0


def own(data, *, threads=1, genes=slice(None), start=None, cox_reid=True):
    start = np.full(len(data.counts), 0.1) if start is None else start
    return dispersions.genewise_dispersions(
        np.ascontiguousarray(data.counts[genes]), np.ascontiguousarray(data.mu[genes]), data.matrix, start[genes],
        lowest=LOWEST, highest=HIGHEST, cox_reid=cox_reid, threads=threads,
    )  # fmt: skip


def drawn(data, *, variance=0.5, threads=1, genes=slice(None), centre=None):
    centre = np.full(len(data.counts), 0.1) if centre is None else centre
    return dispersions.shrunken_dispersions(
        np.ascontiguousarray(data.counts[genes]), np.ascontiguousarray(data.mu[genes]), data.matrix,
        np.full(len(data.counts), 0.2)[genes], centre[genes], variance, lowest=LOWEST, highest=HIGHEST, cox_reid=True,
        threads=threads,
    )  # fmt: skip


@pytest.mark.parametrize("estimate", [own, drawn])
@given(seed=SEEDS)
def test_genes_are_independent_of_order_and_company(draw, estimate, seed):
    data = draw(seed, n_genes=8)
    together, order = estimate(data), np.random.default_rng(seed).permutation(8)
    for one, other in zip(together, estimate(data, genes=order), strict=True):
        np.testing.assert_array_equal(one[order], other)
    for gene in (0, 5):
        assert estimate(data, genes=[gene])[0] == together[0][gene]


@pytest.mark.parametrize("estimate", [own, drawn])
def test_threads_and_blocks_change_no_bit(draw, estimate, monkeypatch):
    data = draw(3, n_genes=41)
    data.counts[::5] = np.round(data.mu[::5])  # some run to the floor, some to the grid
    expected = estimate(data)
    for size in (1, 3, 256):
        monkeypatch.setattr(blocks, "GENES_PER_BLOCK", size)
        for threads in (1, 2, 3):
            for one, other in zip(estimate(data, threads=threads), expected, strict=True):
                np.testing.assert_array_equal(one, other)


@given(SEEDS)
def test_permuting_libraries_changes_nothing_but_rounding(draw, seed):
    """Away from the floor: there the search stops where a step gains too little, and rounding decides which."""
    data = draw(seed, n_genes=6)
    before, order = drawn(data)[0], np.random.default_rng(seed).permutation(len(data.matrix))
    data.counts, data.mu = (np.ascontiguousarray(array[:, order]) for array in (data.counts, data.mu))
    data.matrix = data.matrix[order]
    np.testing.assert_allclose(drawn(data)[0], before, rtol=1e-6)


@pytest.mark.parametrize(("gain", "kept"), [(0.5e-6, True), (2e-6, False)])
def test_a_gene_keeps_its_start_unless_the_likelihood_gains_a_millionth(draw, monkeypatch, gain, kept):
    def found(begin, end, counts, mu, rows, start, centre, prior, lowest, out, trials, first, last):
        out[begin:end], trials[begin:end] = np.log(0.3), 7
        first[begin:end], last[begin:end] = -100.0, -100.0 + 100 * gain

    monkeypatch.setattr(dispersions, "search_block", found)
    values, settled = own(draw(3, n_genes=2))
    assert settled.all()
    assert values == pytest.approx([0.1, 0.1] if kept else [0.3, 0.3])


def test_results_stay_between_the_limits(draw):
    data = draw(3, n_genes=3)
    data.counts[0], data.counts[1] = np.round(data.mu[0]), 0.0
    data.counts[1, 0], data.mu[1] = 1e6, 1e-2
    for found, _ in (own(data), drawn(data, variance=1e4)):
        assert ((found >= LOWEST) & (found <= HIGHEST)).all()
        assert found[0] < 1e-3
        assert found[1] == HIGHEST


def test_a_narrow_prior_holds_and_a_wide_one_does_not(draw):
    data = draw(3)
    centre = np.full(12, 0.1)
    np.testing.assert_allclose(drawn(data, variance=1e-6)[0], centre, rtol=1e-2)
    alone = own(data)[0]
    free = alone > 1e-3
    np.testing.assert_allclose(drawn(data, variance=1e6)[0][free], alone[free], rtol=0.05)
    assert np.abs(np.log(drawn(data)[0] / alone)).max() > 0.1


def test_searches_that_do_not_settle_go_to_the_grid(draw, monkeypatch):
    data = draw(3)

    def unsettled(begin, end, counts, mu, rows, start, centre, prior, lowest, out, trials, first, last):
        out[begin:end], trials[begin:end] = 0.0, dispersions.STEPS
        first[begin:end], last[begin:end] = 0.0, 1.0

    expected = {estimate: estimate(data)[0] for estimate in (own, drawn)}
    monkeypatch.setattr(dispersions, "search_block", unsettled)
    for estimate, usual in expected.items():
        found, settled = estimate(data)
        assert not settled.any()
        inside = usual > 1e-3
        # the refined grid has steps of .12 in the logarithm
        np.testing.assert_allclose(np.log(found)[inside], np.log(usual)[inside], atol=0.15)


def test_without_the_cox_reid_term_dispersions_are_too_small(draw):
    data = draw(3, n_genes=60)
    data.mu = fit_coefficients(
        data.counts, data.size_factors, data.matrix, data.dispersions, smallest=0.5, tolerance=1e-8, most=100, threads=1
    ).mu  # the means take five of eight degrees of freedom
    assert np.median(own(data, cox_reid=False)[0]) < 0.8 * np.median(own(data)[0])
    assert 0.7 < np.median(own(data)[0] / data.dispersions) < 1.3


@given(SEEDS)
def test_linear_means_and_rough_dispersions_are_those_of_naive_loops(draw, seed):
    data = draw(seed, n_genes=4)
    normalised = data.counts / data.size_factors
    fitted, rough = [], []
    for y in normalised:
        mu = data.matrix @ np.linalg.lstsq(data.matrix, y, rcond=None)[0]
        fitted.append(mu)
        mu = np.maximum(mu, 1)
        rough.append(max(sum((y - mu) ** 2 / mu**2 - 1 / mu) / (8 - 5), 0))
    np.testing.assert_allclose(dispersions.linear_means(normalised, data.matrix), fitted, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(dispersions.rough_dispersions(normalised, data.matrix), rough, rtol=1e-8, atol=1e-10)


@given(SEEDS)
def test_moments_are_those_of_a_naive_loop(draw, seed):
    data = draw(seed, n_genes=4)
    normalised = data.counts / data.size_factors
    naive = []
    for y in normalised:
        mean = sum(y) / 8
        variance = sum((y - mean) ** 2) / 7
        naive.append((variance - sum(1 / data.size_factors) / 8 * mean) / mean**2)
    np.testing.assert_allclose(dispersions.moments_dispersions(normalised, data.size_factors), naive, rtol=1e-9)


@given(SEEDS, st.floats(0.25, 4))
def test_size_factors_on_another_scale_leave_dispersions_alone(draw, seed, factor):
    """Means do not change when factors and coefficients move against each other: nothing here sees the factors."""
    data = draw(seed, n_genes=4)
    normalised = data.counts / data.size_factors
    first = dispersions.moments_dispersions(normalised, data.size_factors)
    second = dispersions.moments_dispersions(normalised / factor, data.size_factors * factor)
    np.testing.assert_allclose(second, first, rtol=1e-9, atol=1e-9)
