"""Reduced data against pylimma's own tests on the data they stand for."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermshift.enrich.effects import contrast_last, effects, rotation, turns, whitening_matrix
from dermshift.errors import DesignError, ScaleError
from dermshift.genes import GeneSet

SETS = [GeneSet(f"s{i}", "c", "", tuple(f"S{j}" for j in range(i * 20, i * 20 + 3 + 12 * i))) for i in range(5)]
EVERY_GENE = [GeneSet("every gene", "c", "", tuple(f"S{j}" for j in range(3000)))]
BLOCK = tuple(f"P{i // 2}" for i in range(14))
CELLS = np.tile(np.eye(2), (7, 1))


@pytest.fixture
def asked(make_asked, table):
    return make_asked(table, SETS)


def trust(asked, spread=1.0, seed=5):
    """Return precision weights, one per library and gene."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(np.exp(rng.normal(0, spread, asked.values.shape)), asked.values.index, asked.values.columns)


def sexes(asked):
    """The question of a difference, 4 against 3."""
    week, first = asked.matrix[:, -1:], np.arange(14)[:, None] < 8
    matrix = np.hstack([asked.matrix[:, :-1], week * first, week * ~first])
    return replace(asked, matrix=matrix, contrast=np.r_[np.zeros(7), -1, 1])


def blocked(asked):
    return replace(asked, matrix=CELLS, contrast=np.array([-1.0, 1.0]), block=BLOCK, correlation=0.4)


CASES = {"pairs": lambda asked: asked, "sexes": sexes, "block": blocked}


def released(asked, **options):
    """Call fry on the original data."""
    import pylimma

    data = asked.values.to_numpy().T
    if asked.weights is not None:
        options["weights"] = asked.weights.to_numpy().T
    if asked.block:
        options |= {"block": np.array(asked.block), "correlation": asked.correlation}
    return pylimma.fry(data, dict(enumerate(asked.places)), asked.matrix, asked.contrast, sort="none", **options)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_fry_of_reduced_data_is_fry_of_the_data(asked, case, weighted):
    import pylimma

    asked = CASES[case](asked)
    asked = replace(asked, weights=trust(asked) if weighted else None)
    reduced = effects(asked, aligned=False)
    assert reduced.shape == (400, 15 - asked.matrix.shape[1])
    first = np.eye(reduced.shape[1])[:, :1]
    mine = pylimma.fry(reduced, dict(enumerate(asked.places)), first, sort="none")
    pd.testing.assert_frame_equal(mine, released(asked), rtol=1e-10)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("case", ["pairs", "sexes"])
def test_camera_of_reduced_data_is_camera_of_the_data(asked, case, weighted):
    import pylimma

    asked = CASES[case](asked)
    asked = replace(asked, weights=trust(asked) if weighted else None)
    index, chosen = dict(enumerate(asked.places)), {"inter_gene_cor": None, "sort": False}
    reduced = effects(asked, aligned=False)
    mine = pylimma.camera(reduced, index, np.eye(reduced.shape[1])[:, :1], **chosen)
    weights = asked.weights.to_numpy().T if weighted else None
    theirs = pylimma.camera(asked.values.to_numpy().T, index, asked.matrix, asked.contrast, weights=weights, **chosen)
    pd.testing.assert_frame_equal(mine, theirs, rtol=1e-10)


@pytest.mark.parametrize("case", CASES)
def test_equal_weights_change_nothing(asked, case):
    asked = CASES[case](asked)
    same = replace(asked, weights=pd.DataFrame(1.0, asked.values.index, asked.values.columns))
    for aligned in (True, False):
        np.testing.assert_allclose(effects(same, aligned=aligned), effects(asked), atol=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_alignment_keeps_the_effect_and_the_residual_variance(asked, case):
    asked = CASES[case](asked)
    asked = replace(asked, weights=trust(asked))
    turned, left = effects(asked), effects(asked, aligned=False)
    np.testing.assert_allclose(turned[:, 0], left[:, 0], rtol=1e-12)
    np.testing.assert_allclose((turned**2).sum(axis=1), (left**2).sum(axis=1), rtol=1e-12)
    assert np.abs(turned - left).max() > 0.1


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
@pytest.mark.parametrize("case", CASES)
def test_order_of_libraries_and_coefficients_leaves_what_genes_share(make_asked, make_table, case, seed):
    asked = CASES[case](make_asked(make_table(np.linspace(-2, 2, 12)), EVERY_GENE))
    asked = replace(asked, weights=trust(asked, 0.5))
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(14), rng.permutation(asked.matrix.shape[1])
    again = replace(
        asked,
        values=asked.values.iloc[rows],
        weights=asked.weights.iloc[rows],
        matrix=asked.matrix[np.ix_(rows, columns)],
        contrast=asked.contrast[columns],
        block=tuple(asked.block[i] for i in rows) if asked.block else (),
    )
    mine, theirs = effects(asked), effects(again)
    np.testing.assert_allclose(theirs[:, 0], mine[:, 0], atol=1e-9)
    residual, other = mine[:, 1:], theirs[:, 1:]
    np.testing.assert_allclose(other @ other.T, residual @ residual.T, atol=1e-8)


def test_a_shared_signal_survives_alignment_and_is_lost_without_it(make_asked, table):
    """Genes that correlate perfectly where their weights are equal, in an order of libraries that turns signs."""
    asked, rng = make_asked(table, EVERY_GENE), np.random.default_rng(5)
    place, week = np.repeat(np.eye(14), 2, axis=0), np.tile([[0.0], [1.0]], (14, 1))
    matrix = np.hstack(
        [place, np.tile(np.eye(7), (2, 1)).repeat(2, axis=0) * week, week * (np.arange(28) < 14)[:, None]]
    )
    order, columns = rng.permutation(28), rng.permutation(22)
    shared = pd.DataFrame(np.repeat(rng.normal(0, 1, (28, 1)), 400, axis=1), columns=asked.values.columns)
    turned = replace(
        asked, values=shared, matrix=matrix[np.ix_(order, columns)], contrast=np.eye(22)[21][columns]
    )  # two compartments, the difference of their responses
    turned = replace(turned, weights=trust(turned, 0.1))
    lowest = {flag: np.corrcoef(effects(turned, aligned=flag)[:, 1:]).min() for flag in (True, False)}
    assert lowest[True] > 0.9
    assert lowest[False] < -0.5


def test_effects_of_pairs_are_those_of_their_differences(asked):
    change = asked.changes.values.to_numpy()
    reduced = effects(asked)
    np.testing.assert_allclose(reduced[:, 0], change.mean(axis=0) * np.sqrt(7 / 2), rtol=1e-10)
    np.testing.assert_allclose((reduced[:, 1:] ** 2).sum(axis=1), change.var(axis=0) * 7 / 2, rtol=1e-9)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_sign_of_the_contrast_is_the_sign_of_the_effect(asked, sign):
    flipped = replace(sexes(asked), contrast=sign * np.r_[np.zeros(7), -1.0, 1.0])
    change = asked.changes.values.to_numpy()
    difference = sign * (change[4:].mean(axis=0) - change[:4].mean(axis=0))
    assert (np.sign(effects(flipped)[:, 0]) == np.sign(difference)).all()


def test_the_last_coefficient_is_the_contrast():
    rng = np.random.default_rng(0)
    matrix, contrast, beta = rng.normal(size=(9, 4)), rng.normal(size=4), rng.normal(size=4)
    turned = contrast_last(matrix, contrast)
    found = np.linalg.lstsq(turned, matrix @ beta, rcond=None)[0][-1]
    assert found == pytest.approx(contrast @ beta / np.linalg.norm(contrast))


def test_whitening_makes_the_block_correlation_the_identity():
    white = whitening_matrix(BLOCK, 0.4)
    shared = np.kron(np.eye(7), [[1, 0.4], [0.4, 1]])
    np.testing.assert_allclose(white @ shared @ white.T, np.eye(14), atol=1e-12)


def test_turning_finds_the_target_within_its_span():
    target = rotation(np.random.default_rng(2).normal(size=(9, 4)))[:, 1:]
    directions = target @ np.linalg.qr(np.random.default_rng(3).normal(size=(5, 5)))[0]
    np.testing.assert_allclose(directions @ turns(directions.T @ target), target, atol=1e-12)


def turned(asked):
    """Return the effects by their definition: a decomposition of each gene, its residual directions turned."""
    matrix, white = contrast_last(asked.matrix, asked.contrast), np.eye(14)
    if asked.block:
        white = whitening_matrix(asked.block, asked.correlation)
    target, found = rotation(white @ matrix)[:, 1:], []
    for w, y in zip(np.sqrt(asked.weights.to_numpy().T), asked.values.to_numpy().T, strict=True):
        directions = rotation(white @ (w[:, None] * matrix))
        directions[:, 1:] = directions[:, 1:] @ turns(directions[:, 1:].T @ target)
        found.append((white @ (w * y)) @ directions)
    return np.array(found)


@pytest.mark.parametrize("case", CASES)
def test_effects_of_weighted_genes_are_those_of_a_decomposition_of_each(asked, case):
    asked = CASES[case](asked)
    asked = replace(asked, weights=trust(asked))
    found, expected, used = effects(asked), turned(asked), np.unique(np.concatenate(asked.places))
    assert 30 < len(used) < 150
    np.testing.assert_allclose(found[used], expected[used], rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(found[:, 0], expected[:, 0], rtol=1e-9)
    np.testing.assert_allclose((found**2).sum(axis=1), (expected**2).sum(axis=1), rtol=1e-12)


def test_a_missing_value_is_refused_with_its_gene(asked):
    values = asked.values.copy()
    values.iloc[2, 7] = np.nan
    with pytest.raises(ScaleError, match=r"1 tested genes with a missing value, e\.g\. E0007"):
        effects(replace(asked, values=values))


def test_a_block_without_its_correlation_is_refused(asked):
    with pytest.raises(DesignError, match="no correlation within patients"):
        effects(replace(blocked(asked), correlation=None))


def test_inputs_are_left_alone(asked):
    weighted = replace(asked, weights=trust(asked))
    kept = weighted.values.copy(), weighted.weights.copy(), weighted.matrix.copy()
    effects(weighted)
    pd.testing.assert_frame_equal(weighted.values, kept[0])
    pd.testing.assert_frame_equal(weighted.weights, kept[1])
    np.testing.assert_array_equal(weighted.matrix, kept[2])


def test_weighted_genes_are_done_in_blocks_of_bounded_memory(make_asked, make_table, monkeypatch):
    asked = make_asked(make_table(np.zeros(3000)), EVERY_GENE)
    asked = replace(asked, weights=trust(asked, 0.3))
    whole = effects(asked)
    monkeypatch.setattr("dermshift.enrich.effects.BLOCK_BYTES", 2e5)
    tracemalloc.start()
    np.testing.assert_allclose(effects(replace(asked)), whole, rtol=1e-12, atol=1e-14)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3e6
