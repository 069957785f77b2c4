"""Patterns against enumeration, counts against one test after the other, and p-values that keep their promise."""

from __future__ import annotations

from itertools import combinations, product
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dermshift.evidence.flips import flip_null, flip_p, flip_tests, patterns, relabellings
from dermshift.fdr import benjamini_hochberg
from dermshift.paired import rule
from dermshift.paired.changes import Changes, set_changes
from dermshift.paired.moderated import t_tests
from dermshift.paired.patterns import floor


def study(seed: int = 0, n: int = 7, genes: int = 80, k: int = 0, shift: float = 0.0) -> Changes:
    """Changes of n patients (the first k male), a quarter of the genes shifted: in all, or in males only."""
    rng = np.random.default_rng(seed)
    index = pd.Index([f"P{i + 1:02d}" for i in range(n)], name="patient")
    sd = 0.4 * np.sqrt(6 / rng.chisquare(6, genes))
    values = pd.DataFrame(rng.normal(size=(n, genes)) * sd, index, [f"g{j}" for j in range(genes)])
    values.iloc[: k or n, : genes // 4] += shift
    group = pd.Series(["male"] * k + ["female"] * (n - k), index=index)
    return Changes(values, group, ("male", "female")) if k else Changes(values)


def found_in(changes: Changes, alpha: float = 0.05, *, moderated: bool = True) -> int:
    p = t_tests(changes, moderated=moderated)["p_value"]
    return int((benjamini_hochberg(p) < alpha).sum())


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7, 10])
def test_patterns_are_all_once_up_to_their_opposite(n: int) -> None:
    rows = [tuple(int(sign) for sign in row) for row in patterns(n)]
    assert rows[0] == (1,) * n
    assert sorted(rows) == sorted(signs for signs in product((1, -1), repeat=n) if signs[0] == 1)
    assert floor((n,)) == (1 / 2 ** (n - 1), 2 ** (n - 1), True)


def test_many_patients_get_a_seeded_sample() -> None:
    assert len(patterns(13)) == len({tuple(row) for row in patterns(13)}) == 4096  # still all
    signs = patterns(20, 0)
    assert signs.shape == (4096, 20)
    assert (signs[0] == 1).all()
    assert (signs[:, 0] == 1).all()
    assert np.abs(signs[1:, 1:].mean(axis=0)).max() < 5 / np.sqrt(4095)
    np.testing.assert_array_equal(signs, patterns(20, 0))
    assert not np.array_equal(signs, patterns(20, 1))
    assert floor((20,)) == (1 / 4096, 4096, False)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 100))
def test_relabellings_are_all_once(a: int, b: int, seed: int) -> None:
    first = np.random.default_rng(seed).permutation([True] * a + [False] * b)
    dealt = relabellings(first)
    np.testing.assert_array_equal(dealt[0], first)
    assert len({tuple(row) for row in dealt}) == len(dealt) == comb(a + b, a)
    assert (dealt.sum(axis=1) == a).all()


def test_many_relabellings_get_a_seeded_sample() -> None:
    first = np.arange(16) < 8
    dealt = relabellings(first, 3)
    assert dealt.shape == (5000, 16)
    np.testing.assert_array_equal(dealt[0], first)
    assert (dealt.sum(axis=1) == 8).all()
    assert np.abs(dealt[1:].mean(axis=0) - 0.5).max() < 5 * 0.5 / np.sqrt(5000)
    np.testing.assert_array_equal(dealt, relabellings(first, 3))
    assert floor((8, 8)) == (1 / 5000, 5000, False)


@given(st.lists(st.floats(-5, 5).map(lambda x: round(x, 3)), min_size=3, max_size=8))
def test_one_sample_p_against_enumeration_of_t(numbers: list[float]) -> None:
    if np.ptp(numbers) == 0:
        assert np.isnan(flip_p(numbers))
        return
    signs = np.array(list(product((1, -1), repeat=len(numbers))))
    flipped = signs * np.array(numbers)
    spread = np.maximum(flipped.std(axis=1, ddof=1), 1e-12)
    t = np.abs(flipped.mean(axis=1)) / spread
    observed = abs(np.mean(numbers)) / np.std(numbers, ddof=1)
    assert flip_p(numbers) == pytest.approx((t >= observed * (1 - 1e-9) - 1e-12).mean())


@given(st.lists(st.integers(-50, 50), min_size=6, max_size=9), st.integers(0, 1000))
def test_two_group_p_against_enumeration_of_t(numbers: list[int], seed: int) -> None:
    x = np.array(numbers, float) + np.random.default_rng(seed).normal(0, 1e-3, len(numbers))
    first = np.arange(len(x)) < 3
    t = []
    for members in combinations(range(len(x)), 3):
        mask = np.isin(np.arange(len(x)), members)
        t.append(abs(stats.ttest_ind(x[mask], x[~mask]).statistic))
    observed = abs(stats.ttest_ind(x[first], x[~first]).statistic)
    assert flip_p(x, first) == pytest.approx(np.mean(np.array(t) >= observed * (1 - 1e-9)))


def test_smallest_p_of_few_patients() -> None:
    strong = np.linspace(4, 6, 7)
    assert flip_p(strong[:5]) == 1 / 16  # above .05 however large the change
    assert flip_p(strong[:6]) == 1 / 32
    assert flip_p(strong) == 1 / 64
    apart = np.array([9.0, 8, 10, 1, 2, 3, 2.5])
    assert flip_p(apart, np.arange(7) < 3) == 1 / 35
    assert flip_p(apart[:6], np.arange(6) < 3) == 2 / 20 == floor((3, 3))[0]
    assert flip_null(study(1, n=5, shift=5)).p_genes == 1 / 16
    assert flip_null(study(1, n=5, shift=5)).floor == 1 / 16


@pytest.mark.parametrize("k", [0, 3])
def test_p_keeps_its_promise_where_nothing_changed(k: int) -> None:
    rng = np.random.default_rng(5)
    first = None if not k else np.arange(7) < k
    draws = rng.standard_t(3, (4000, 7)) + (0.8 if k else 0)  # the same change in both groups is no difference
    p = np.array([flip_p(row, first) for row in draws])
    steps = 64 if not k else 35
    for share in (1, 2, 3, 10, steps // 2):
        level = share / steps
        assert np.mean(p <= level + 1e-12) == pytest.approx(level, abs=4 * np.sqrt(level * (1 - level) / 4000))
    assert p.min() == 1 / steps


@pytest.mark.parametrize("k", [0, 3])
def test_order_signs_and_scale_of_one_item(k: int) -> None:
    rng = np.random.default_rng(6)
    for n in (7, 16):
        x, first = rng.normal(0.4, 1, n), np.arange(n) < (k and n // 2)
        groups = first if k else None
        order = rng.permutation(n)
        p = flip_p(x, groups)
        assert flip_p(x[order], None if groups is None else groups[order]) == p
        assert flip_p(1e3 * x, groups) == p
        if n == 7 or not k:
            assert flip_p(-x, groups) == p


def test_a_random_sample_is_near_the_full_enumeration() -> None:
    x = np.random.default_rng(7).normal(0.4, 1, 14)
    signs = np.array(list(product((1, -1), repeat=13)), dtype=np.int8)
    every = np.abs(x[0] + signs @ x[1:]) >= abs(x.sum()) * (1 - 1e-9)
    p = every.mean()
    assert flip_p(x) == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / 4096))
    assert flip_p(x, seed=1) != flip_p(x, seed=2)
    assert flip_p(x, seed=1) == flip_p(x, seed=1)


@pytest.mark.parametrize("moderated", [True, False])
@pytest.mark.parametrize("k", [0, 3])
def test_counts_against_one_pattern_after_the_other(k: int, moderated: bool) -> None:
    changes = study(8, k=k, shift=1.2 if not k else 4)
    sets = {f"s{i}": [f"g{j}" for j in range(8 * i, 8 * i + 10)] for i in range(9)}
    twice = {name: [*genes, *genes[:3]] for name, genes in sets.items()}  # a gene listed twice counts once
    null = flip_null(changes, sets=twice, moderated=moderated, alpha=0.1)
    assert null.n_genes == found_in(changes, 0.1, moderated=moderated) > 0
    rows = patterns(7) if not k else relabellings(changes.first)
    set_t = []
    for i, row in enumerate(rows):
        if k:
            group = pd.Series(np.where(row, "male", "female"), index=changes.values.index)
            other = Changes(changes.values, group, changes.levels)
            assert null.patterns.loc[i, "pattern"].split(",") == list(changes.values.index[row])
        else:
            other = Changes(changes.values.mul(row, axis=0))
            assert null.patterns.loc[i, "pattern"] == "".join("+" if sign > 0 else "-" for sign in row)
        assert null.patterns.loc[i, "n_genes"] == found_in(other, 0.1, moderated=moderated)
        assert null.patterns.loc[i, "n_sets"] == found_in(set_changes(other, sets), 0.1, moderated=False)
        t = t_tests(other, moderated=moderated).set_index("item")["statistic"]
        set_t.append([abs(t.reindex(genes).mean()) for genes in sets.values()])
    counts = null.patterns[["n_genes", "n_sets"]].to_numpy(int)
    assert null.p_genes == (counts[:, 0] >= counts[0, 0]).mean()
    assert null.p_sets == (counts[:, 1] >= counts[0, 1]).mean()
    np.testing.assert_allclose(null.sets["statistic"], set_t[0], rtol=1e-9)
    share = (np.array(set_t) >= np.array(set_t[0]) * (1 - 1e-9)).mean(axis=0)
    np.testing.assert_allclose(null.sets["p_value"], share)
    assert null.n_patterns == len(rows)
    assert null.exhaustive
    assert null.largest_by_chance == counts[1:, 0].max()


def test_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    changes, sets = study(9, shift=1), {"a": ["g0", "g1"], "b": ["g50", "g60"]}
    whole = flip_null(changes, sets=sets)
    monkeypatch.setattr(rule, "BLOCK", 500)
    small = flip_null(changes, sets=sets)
    pd.testing.assert_frame_equal(whole.patterns, small.patterns)
    pd.testing.assert_frame_equal(whole.sets, small.sets)


@pytest.mark.parametrize("k", [0, 3, 6])
def test_order_of_patients_and_genes_does_not_matter(k: int) -> None:
    n = 16 if k == 6 else 7
    changes = study(10, n=n, k=k, shift=1.5)
    sets = {"a": ["g0", "g1"], "b": ["g50", "g60"]}
    rng = np.random.default_rng(1)
    rows, columns = rng.permutation(n), rng.permutation(80)
    group = None if changes.group is None else changes.group.iloc[rows]
    shuffled = Changes(changes.values.iloc[rows, columns], group, changes.levels)
    one, other = flip_null(changes, sets=sets), flip_null(shuffled, sets=sets)
    pd.testing.assert_frame_equal(one.patterns, other.patterns)
    pd.testing.assert_frame_equal(one.sets, other.sets)
    negative = flip_null(Changes(-changes.values, changes.group, changes.levels), sets=sets)
    pd.testing.assert_frame_equal(one.patterns, negative.patterns)


def test_a_planted_response_stands_out_and_nothing_does_not() -> None:
    planted = flip_null(study(11, genes=400, shift=1.2))
    assert planted.p_genes == 1 / 64
    assert planted.n_genes > 5 * max(planted.largest_by_chance, 1)
    assert flip_null(study(12, genes=400)).p_genes > 0.05


def test_the_count_keeps_its_promise_where_genes_move_together() -> None:
    rng = np.random.default_rng(13)
    p, naive = [], []
    for _ in range(300):
        shared = rng.normal(0, 1, (7, 1))
        values = pd.DataFrame(shared + rng.normal(0, 0.5, (7, 60)), [f"P{i}" for i in range(7)])
        null = flip_null(Changes(values), alpha=0.2)
        p.append(null.p_genes)
        naive.append(null.n_genes > 0)
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)
    assert np.mean(naive) > 0.1  # counting findings alone would take a whim of the patients for a response


def test_the_relabelled_sexes_do_not_call_equal_changes_different() -> None:
    changes = study(14, genes=2000, k=3)
    changes.values[:] += 1.0  # every gene changed, in both sexes alike
    null = flip_null(changes)
    assert null.n_genes == 0
    assert null.p_genes == 1
    assert (null.n_patterns, null.floor) == (35, 1 / 35)
    assert found_in(Changes(changes.values)) > 1500  # the change itself is there


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (study(15, n=2), "2 patients, at least 3 needed"),
        (study(15, n=5, k=1), "1 patient in male, at least 3 needed"),
        (Changes(study(15).values * 0 + 1.1), "no item can be tested"),
        (Changes(study(15).values * np.nan), "no item can be tested"),
        (Changes(study(15).values.iloc[:, :0]), "no item can be tested"),
    ],
)
def test_what_has_no_answer_has_no_number(changes: Changes, reason: str) -> None:
    null = flip_null(changes, sets={"a": ["g0"]})
    assert null.reason == reason
    assert null.n_genes is None
    assert null.n_sets is None
    assert null.largest_by_chance is None
    assert np.isnan([null.p_genes, null.p_sets]).all()
    assert null.patterns.empty
    assert flip_tests(changes)["p_value"].isna().all()


def test_items_that_cannot_be_tested_are_left_out_and_named() -> None:
    changes = study(16, shift=1.5)
    clean = flip_null(Changes(changes.values.iloc[:, 2:]))
    changes.values["g0"] = 2.2
    changes.values.loc["P03", "g1"] = np.nan
    null = flip_null(changes, sets={"empty": ["absent"], "gone": ["g0", "g1"], "fine": ["g1", "g2", "g3"]})
    pd.testing.assert_frame_equal(null.patterns[["n_genes"]], clean.patterns[["n_genes"]])
    assert (null.n_tested, null.n_tested_sets) == (78, 1)
    assert null.sets["n_genes"].tolist() == [0, 0, 2]
    assert null.sets["p_value"].isna().tolist() == [True, True, False]
    found = flip_tests(changes, ["g2", "g0", "g1", "LCN2"]).set_index("item")
    assert found["note"].tolist() == [
        "",
        "the same change in every patient",
        "a value is missing",
        "not among the tested items",
    ]
    assert found["p_value"].isna().tolist() == [False, True, True, True]
    assert found.loc["g2", "p_value"] == flip_p(changes.values["g2"])
    assert set(found["floor"]) == {1 / 64}


def test_changes_of_one_size_are_no_accident_of_rounding() -> None:
    values = pd.DataFrame({"a": [1.0, 1, -1, 1, 1, 1, 1], "b": [0.3, -0.3, 0.3, 0.3, -0.3, 0.3, 0.3]})
    values.index = [f"P{i}" for i in range(7)]
    assert flip_p(values["a"]) == 8 / 64
    null = flip_null(Changes(values), moderated=False, sets={"both": ["a", "b"]})
    assert null.patterns["n_genes"].max() == 1  # where all signs agree
    assert np.isfinite(null.sets["p_value"]).all()
