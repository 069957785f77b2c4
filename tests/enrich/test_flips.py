"""Patient flips: against enumeration by hand, and what must not matter."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermshift.enrich.flip_scores import flips_es
from dermshift.enrich.flips import STATISTICS, arranged, exact, flips
from dermshift.enrich.members import membership
from dermshift.enrich.running import running_score
from dermshift.genes import GeneSet
from dermshift.names import SET_COLUMNS, column_names
from dermshift.paired.changes import Changes
from dermshift.paired.moderated import squeeze

METHODS = (flips, flips_es)


def numbered(name, numbers, collection="c"):
    return GeneSet(name, collection, "", tuple(f"S{i}" for i in numbers))


SETS = (
    numbered("up", range(0, 30, 2)),
    numbered("both", range(15, 45)),
    numbered("flat", range(100, 120)),
    numbered("tiny", (1, 2)),
    numbered("everything", range(400)),
)


def grouped(asked, first, shift=0.0):
    """The same question as a difference between the patients marked True and the others."""
    changes = asked.changes
    labels = pd.Series(np.where(first, "male", "female"), changes.values.index)
    values = changes.values + shift * np.asarray(first)[:, None]
    return replace(asked, changes=Changes(values, labels, ("male", "female"), changes.unit))


def moderated_t(values, first=None):
    """t with variances squeezed towards the prior of the mean squares, which no pattern changes."""
    n, groups = len(values), [values] if first is None else [values[first], values[~np.asarray(first)]]
    null_df = n if first is None else n - 1
    mean = 0 if first is None else values.mean(axis=0)
    prior = squeeze(((values - mean) ** 2).sum(axis=0) / null_df, null_df)
    df = n - len(groups)
    own = sum(((group - group.mean(axis=0)) ** 2).sum(axis=0) for group in groups) / df
    share = 1 if np.isinf(prior.prior_df) else prior.prior_df / (df + prior.prior_df)
    variance = (1 - share) * own + share * prior.prior_variance
    estimate = groups[0].mean(axis=0) - (0 if first is None else groups[1].mean(axis=0))
    return estimate / np.sqrt(variance * sum(1 / len(group) for group in groups))


def ways(values, first=None):
    """t of all genes under every way the patients' changes might have come out, one by one."""
    if first is None:
        return [moderated_t(values * np.array(signs)[:, None]) for signs in product([1, -1], repeat=len(values))]
    n = len(values)
    dealt = [np.isin(np.arange(n), chosen) for chosen in combinations(range(n), int(np.sum(first)))]
    return [moderated_t(values, labels) for labels in dealt]


def share(statistic, observed, everything):
    return np.mean([abs(statistic(t)) >= abs(statistic(observed)) - 1e-9 for t in everything])


def es(t, members):
    order = np.argsort(-t, kind="stable")
    before, after = running_score(t[order], np.flatnonzero(np.isin(order, members)))
    return after.max() if after.max() > -before.min() else before.min()


@pytest.mark.parametrize("first", [None, [True, False, True, False, False, True]], ids=["pairs", "two groups"])
def test_every_p_equals_counting_by_hand(make_table, make_asked, first):
    table = make_table(np.random.default_rng(1).normal(size=60))
    sets = (numbered("a", range(8)), numbered("b", range(4, 30, 3)), numbered("c", range(50, 60)))
    asked = make_asked(table, sets, n=5 if first is None else 6)
    asked = asked if first is None else grouped(asked, first)
    values = asked.changes.values.sort_index(axis=1).to_numpy()
    observed, everything = moderated_t(values, first), ways(values, first)
    rows = flips(asked).set_index(["set_name", "direction"])
    scores = flips_es(asked).set_index("set_name")
    for item in asked.sets:
        at, name = [int(gene[1:]) for gene in item.tested], item.gene_set.name
        assert rows.loc[(name, "both"), "statistic"] == pytest.approx(observed[at].mean(), abs=1e-10)
        assert rows.loc[(name, "mixed"), "statistic"] == pytest.approx(np.abs(observed[at]).mean(), abs=1e-10)
        assert scores.loc[name, "enrichment_score"] == pytest.approx(es(observed, at), abs=1e-10)
        for p, statistic in (
            (rows.loc[(name, "both"), "p_value"], lambda t, at=at: t[at].mean()),
            (rows.loc[(name, "mixed"), "p_value"], lambda t, at=at: np.abs(t[at]).mean()),
            (scores.loc[name, "p_value"], lambda t, at=at: es(t, at)),
        ):
            assert p == pytest.approx(share(statistic, observed, everything), abs=1e-12)


def test_planted_sets_reach_the_floor_with_their_sign(table, make_asked):
    asked = make_asked(table, SETS)
    rows = flips(asked)
    assert list(rows.columns) == column_names(SET_COLUMNS)
    assert rows["direction"].tolist() == ["both"] * 5 + ["mixed"] * 5
    assert rows["set_name"].tolist() == [item.name for item in SETS] * 2
    both, mixed = (rows[rows["direction"] == one].set_index("set_name") for one in ("both", "mixed"))
    assert both.loc["up", ["p_value", "floor"]].tolist() == [1 / 64, 1 / 64]
    assert both.loc["up", "statistic"] > 2
    assert both.loc["both", "p_value"] > 0.05  # half up, half down
    assert mixed.loc["both", "p_value"] == 1 / 64
    assert both.loc["flat", "p_value"] > 0.1
    assert both.loc["everything", "status"] == "tested"
    scores = flips_es(asked).set_index("set_name")
    assert scores.loc["up", "p_value"] <= 2 / 64
    assert scores.loc["up", "enrichment_score"] > 0.5
    assert scores.loc["up", "leading_edge"].count(";") + 1 == scores.loc["up", "n_overlap"]
    assert set(scores.loc["up", "leading_edge"].split(";")) <= set(SETS[0].symbols)


@pytest.mark.parametrize(
    ("n", "first", "floor"),
    [(5, None, 1 / 16), (7, None, 1 / 64), (7, 3, 1 / 35), (6, 3, 1 / 10), (14, None, 1 / 4096)],
)
def test_the_floor_is_what_the_patients_can_give(make_table, make_asked, n, first, floor):
    shift = np.where(np.arange(120) < 20, 40.0, np.random.default_rng(0).normal(size=120))
    asked = make_asked(make_table(shift), (numbered("up", range(20)), numbered("flat", range(60, 80))), n=n)
    if first:
        labels = np.arange(n) < first
        asked = grouped(make_asked(make_table(shift / 100), (numbered("up", range(20)),), n=n), labels)
        asked.changes.values.loc[labels, [f"E{i:04d}" for i in range(20)]] += 10
    rows = flips(asked)
    assert rows["floor"].tolist() == [floor] * len(rows)
    assert rows["p_value"].min() == floor
    assert n > 13 or flips_es(asked)["p_value"].min() == floor
    assert (rows["p_value"] >= floor).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [6, 14])
def test_names_and_orders_change_no_digit(table, make_asked, method, n):
    asked = make_asked(table, SETS, n=n)
    values = asked.changes.values
    order = np.random.default_rng(3).permutation(n)
    other = values.iloc[order, np.random.default_rng(4).permutation(values.shape[1])]
    other.index = pd.Index([f"Q{i}" for i in range(n)], name="patient")
    moved = replace(asked, changes=replace(asked.changes, values=other))
    pd.testing.assert_frame_equal(method(asked), method(moved), check_exact=True)


@pytest.mark.parametrize("method", METHODS)
def test_a_set_has_one_result_whatever_it_is_run_with(table, make_asked, method):
    many = [*SETS, *(numbered(f"x{i}", range(i, i + 40), "d") for i in range(30))]
    alone = method(make_asked(table, SETS[:3]))
    among = method(make_asked(table, many))
    among = among[among["set_name"].isin(alone["set_name"])].reset_index(drop=True)
    columns = ["statistic", "enrichment_score", "p_value", "leading_edge"]
    pd.testing.assert_frame_equal(alone[columns], among[columns], check_exact=True)


def test_threads_change_nothing_and_seed_zero_draws(table, make_asked):
    first, again = (flips_es(make_asked(table, SETS, n=14, threads=n)) for n in (1, 3))
    pd.testing.assert_frame_equal(first, again, check_exact=True)
    others = [flips(make_asked(table, SETS, n=14, seed=seed))["p_value"] for seed in (0, 1)]
    assert not others[0].equals(others[1])
    assert others[0].dropna().between(1 / 4096, 1).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 31))
def test_flipping_everyone_or_anyone_permutes_the_patterns(seed, which):
    """Exchangeability: the p-values of all patterns of one study are those of one study seen from each pattern."""
    rng = np.random.default_rng(seed)
    values = pd.DataFrame(rng.normal(0.3, 1, (6, 20)), columns=[f"g{i:02d}" for i in range(20)])
    members = membership([np.arange(5), np.arange(3, 12)], 20)
    signs = 1 - 2 * ((which >> np.arange(6)) & 1)
    one, opposite = (
        exact(arranged(Changes(values.mul(sign * signs, axis=0))), members, STATISTICS) for sign in (1, -1)
    )
    np.testing.assert_allclose(one[0][0], -opposite[0][0], atol=1e-12)
    for mine, theirs in zip(one, opposite, strict=True):
        assert np.array_equal(mine[1], theirs[1])
        assert (mine[1] * 32 == np.round(mine[1] * 32)).all()


def test_p_over_all_patterns_of_a_study_is_uniform():
    values = pd.DataFrame(np.random.default_rng(2).normal(size=(5, 15)), columns=[f"g{i:02d}" for i in range(15)])
    members = membership([np.arange(6)], 15)
    p = [
        exact(arranged(Changes(values.mul(signs, axis=0))), members, STATISTICS)[0][1][0]
        for signs in product([1, -1], repeat=5)
    ]
    assert sorted(p) == pytest.approx(np.repeat(np.arange(1, 17) / 16, 2))


@pytest.mark.parametrize("method", METHODS)
def test_too_few_patients_are_not_estimable(table, make_asked, method):
    for asked in (make_asked(table, SETS, n=2), grouped(make_asked(table, SETS, n=6), np.arange(6) < 2)):
        rows = method(asked)
        assert set(rows["status"]) == {"not_estimable", "too_small"}
        assert rows[["statistic", "p_value", "floor", "fdr", "enrichment_score"]].isna().all(axis=None)


@pytest.mark.parametrize("method", METHODS)
def test_genes_that_never_change_are_left_out(table, make_asked, method):
    asked = make_asked(table, SETS)
    values = asked.changes.values.copy()
    values.loc[:, [f"E{i:04d}" for i in range(100, 120)]] = 0.0
    rows = method(replace(asked, changes=replace(asked.changes, values=values)))
    assert (rows.loc[rows["set_name"] == "flat", "status"] == "not_estimable").all()
    assert rows.loc[rows["status"] == "tested", ["statistic", "p_value"]].notna().all(axis=None)


def test_the_set_of_all_genes_moves_or_not_but_crowds_nowhere(table, make_asked):
    asked = make_asked(table, SETS, max_size=100)
    assert flips(asked).set_index("set_name").loc["everything", "status"].tolist() == ["too_large"] * 2
    scores = flips_es(make_asked(table, SETS)).set_index("set_name")
    assert scores.loc["everything", "status"] == "not_estimable"
    assert np.isnan(scores.loc["everything", "p_value"])


@pytest.mark.parametrize("method", METHODS)
def test_no_sets_and_no_genes_give_empty_tables(table, make_asked, method):
    assert method(make_asked(table, ())).empty
    nothing = method(make_asked(table.assign(status="filtered_low_count"), SETS))
    assert (nothing["status"] == "too_small").all()


def test_the_direction_of_other_genes_changes_no_digit(table, make_asked):
    """A test of the set by itself: no gene outside may decide, however many of them respond."""
    asked = make_asked(table, SETS[:3])
    values = asked.changes.values.copy()
    others = [f"E{i:04d}" for i in range(120, 400)]
    values.loc[:, others] += 3
    scattered = values.copy()
    scattered.loc[:, others] *= np.random.default_rng(0).choice([-1, 1], (7, 280))
    one, other = (flips(replace(asked, changes=replace(asked.changes, values=v))) for v in (values, scattered))
    np.testing.assert_allclose(one["statistic"], other["statistic"], rtol=1e-12)
    pd.testing.assert_frame_equal(one, other, rtol=1e-12)


def test_a_set_that_does_not_move_is_left_alone_while_most_genes_respond():
    members, p = membership([np.arange(30)], 200), []
    for draw in range(150):
        rng = np.random.default_rng(draw)
        values = pd.DataFrame(0.6 * rng.normal(size=(5, 200)) + 0.4 * rng.normal(size=(5, 1)))
        values.loc[:, 80:] += 1.5
        p.append([found[1][0] for found in exact(arranged(Changes(values)), members, STATISTICS)])
    assert ((np.array(p) <= 1 / 16).mean(axis=0) <= 0.12).all()  # nominal .0625, standard error .02


@pytest.mark.parametrize("method", METHODS)
def test_ties_between_patterns_count_as_ties(make_table, make_asked, method):
    """Two patients with the same changes: patterns that swap them give the same statistic up to rounding."""
    asked = make_asked(make_table(np.random.default_rng(7).normal(size=80) * 3), (numbered("a", range(20)),), n=6)
    values = asked.changes.values.copy()
    values.iloc[1] = values.iloc[0]
    twin = replace(asked, changes=replace(asked.changes, values=values))
    everything = ways(values.sort_index(axis=1).to_numpy())
    observed = moderated_t(values.sort_index(axis=1).to_numpy())
    statistic = (lambda t: t[:20].mean()) if method is flips else (lambda t: es(t, np.arange(20)))
    assert method(twin)["p_value"].iloc[0] == pytest.approx(share(statistic, observed, everything))
