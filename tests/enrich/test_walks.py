"""Enrichment scores of many sets in one walk, against one gene at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermshift.enrich.kernels.shuffle import seeded, shuffle
from dermshift.enrich.members import membership, sizes
from dermshift.enrich.walks import FEW, descending, permuted, ranked, scores_by_t


def places(rng, n, k):
    return [np.sort(rng.choice(n, size, replace=False)) for size in rng.integers(1, n, k)]


def naive(t, members):
    """The largest and the smallest running score."""
    order = sorted(range(len(t)), key=lambda gene: (-t[gene], gene))
    total, misses = sum(abs(t[gene]) for gene in members), len(t) - len(members)
    steps = [abs(t[gene]) / total if gene in members else -1 / misses for gene in order]
    return np.cumsum(steps).max(), np.cumsum(steps).min()


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_scores_equal_a_walk_gene_by_gene(seed, tied):
    rng = np.random.default_rng(seed)
    t = rng.normal(size=(3, 30))
    t = np.sign(t) * np.ceil(np.abs(t)) if tied else t
    sets = places(rng, 30, 4)
    found = scores_by_t(t, membership(sets, 30))
    for row in range(3):
        for one, at in enumerate(sets):
            high, low = naive(t[row], set(at.tolist()))
            assert abs(found[row, one]) == pytest.approx(max(high, -low), abs=1e-12)
            if abs(high + low) > 1e-9:  # else rounding decides which of the two comes first
                assert np.sign(found[row, one]) == np.sign(high + low)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_turning_the_ranking_round_turns_the_scores(seed):
    rng = np.random.default_rng(seed)
    t, members = rng.normal(size=(2, 50)), membership(places(rng, 50, 5), 50)
    np.testing.assert_allclose(np.abs(scores_by_t(-t, members)), np.abs(scores_by_t(t, members)), atol=1e-12)


@pytest.mark.parametrize("threads", [0, 2, 5])
def test_threads_change_nothing(threads):
    rng = np.random.default_rng(1)
    t, members = rng.normal(size=(20, 200)), membership(places(rng, 200, 30), 200)
    assert np.array_equal(scores_by_t(t, members), scores_by_t(t, members, threads=threads))


def test_a_set_at_weight_zero_has_a_finite_score():
    scores = scores_by_t(np.array([[2.0, 1.0, 0.0, 0.0, -1.0]]), membership([np.array([2, 3])], 5))
    assert scores.tolist() == [[pytest.approx(-2 / 3)]]


def test_no_sets_and_no_rankings_are_no_error():
    assert scores_by_t(np.ones((2, 5)), membership([], 5)).shape == (2, 0)
    assert scores_by_t(np.ones((0, 5)), membership([np.array([1])], 5)).shape == (0, 1)


def test_permutations_keep_the_genes_and_start_anew_with_the_seed():
    genes, again, state = np.arange(1000), np.arange(1000), seeded(0)
    shuffle(genes, state)
    shuffle(again, seeded(0))
    assert np.array_equal(genes, again)
    assert np.array_equal(np.sort(genes), np.arange(1000))
    shuffle(genes, state)
    assert not np.array_equal(genes, again)


def test_every_place_is_as_likely():
    state, counts = seeded(0), np.zeros((5, 5))
    for _ in range(5000):
        genes = np.arange(5)
        shuffle(genes, state)
        counts[genes, np.arange(5)] += 1
    assert np.abs(counts - 1000).max() < 5 * np.sqrt(1000)


def test_permuted_rankings_come_in_blocks_of_all():
    members = membership([np.arange(4)], 30)
    blocks = list(permuted(np.linspace(2, -2, 30), members, seed=3, permutations=150))
    assert [len(block) for block in blocks] == [64, 64, 22]


def test_membership_counts_genes_of_sets():
    members = membership([np.array([0, 2]), np.array([], dtype=int), np.array([2])], 4)
    assert members.toarray().tolist() == [[1, 0, 0], [0, 0, 0], [1, 0, 1], [0, 0, 0]]
    assert sizes(members).tolist() == [2, 0, 1]


def test_ties_keep_the_order_of_the_genes():
    values = np.random.default_rng(1).normal(size=3000)
    untied = descending(values)
    assert (np.diff(values[untied]) < 0).all()
    values[[5, 900, 2000]] = values[7]
    values[[11, 12]] = 0.0, -0.0
    order = descending(values).tolist()
    assert [place for place in order if place in (5, 7, 900, 2000)] == [5, 7, 900, 2000]
    assert order.index(12) == order.index(11) + 1
    assert sorted(order) == list(range(3000))


@pytest.mark.parametrize("ties", ["none", "among the wanted", "among the others", "missing"])
def test_places_of_few_genes_are_those_in_the_order_of_all(ties):
    values, wanted = np.random.default_rng(1).normal(size=800), np.arange(3, 800, 10)
    assert len(wanted) * FEW < len(values)
    if ties != "none":
        values[{"among the wanted": [13, 23], "among the others": [1, 2], "missing": [5]}[ties]] = values[44]
    if ties == "missing":
        values[5] = np.nan
    genes, places = ranked(values, wanted)
    kept = np.isin(genes, wanted)
    order = np.argsort(-values, kind="stable")
    assert order[places[kept]].tolist() == genes[kept].tolist() == [gene for gene in order if gene in set(wanted)]


def test_sets_of_few_genes_score_as_beside_a_set_of_many():
    rng = np.random.default_rng(2)
    t, few = rng.normal(size=(5, 900)), [np.sort(rng.choice(900, 12, replace=False)) for _ in range(4)]
    alone, beside = membership(few, 900), membership([*few, np.arange(600)], 900)
    assert np.array_equal(scores_by_t(t, alone), scores_by_t(t, beside)[:, :4])
    statistic = np.sort(t[0])[::-1].copy()
    for one, other in zip(
        permuted(statistic, alone, seed=1, permutations=70),
        permuted(statistic, beside, seed=1, permutations=70),
        strict=True,
    ):
        assert np.array_equal(one, other[:, :4])
