from __future__ import annotations

import logging

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermshift.enrich import METHODS
from dermshift.enrich.base import library_quiet
from dermshift.enrich.prerank import gsea, prerank
from dermshift.enrich.running import leading_edge, running_score, running_table
from dermshift.errors import FormatError
from dermshift.genes import GeneSet, need_unique_names
from dermshift.names import RUNNING_COLUMNS, SET_COLUMNS, column_names


def numbered(name, numbers, collection="c"):
    return GeneSet(name, collection, "", tuple(f"S{i}" for i in numbers))


SETS = (
    numbered("up", range(0, 30, 2)),
    numbered("down", range(30, 60, 2)),
    numbered("flat", range(100, 120)),
    numbered("tiny", (1, 2)),
    numbered("everything", range(400)),
)


@pytest.fixture
def run(make_asked):
    """Return the rows of prerank, and the running score of every set."""

    def run(table, sets=SETS, **options):
        asked = make_asked(table, sets, **({"permutations": 200} | options))
        return prerank(asked), running_table(asked, [item.name for item in sets])

    return run


def naive_running_sum(statistic, members):
    """The running score at every gene, one gene at a time."""
    total = sum(abs(statistic[i]) for i in members)
    misses = len(statistic) - len(members)
    score, walk = 0.0, []
    for i, value in enumerate(statistic):
        score += abs(value) / total if i in members else -1 / misses
        walk.append(score)
    return walk


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.integers(21, 60))
def test_running_score_equals_a_walk_gene_by_gene(seed, k, n):
    rng = np.random.default_rng(seed)
    statistic = np.sort(rng.normal(size=n))[::-1]
    hits = np.sort(rng.choice(n, k, replace=False))
    before, after = running_score(statistic, hits)
    walk = [0.0, *naive_running_sum(statistic, set(hits.tolist()))]
    np.testing.assert_allclose(after, [walk[i + 1] for i in hits], atol=1e-12)
    np.testing.assert_allclose(before, [walk[i] for i in hits], atol=1e-12)


def position_sets(rng, n, k):
    return {i: np.sort(rng.choice(n, size, replace=False)) for i, size in enumerate(rng.integers(1, n // 2, k))}


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_score_is_the_extreme_of_the_walk(seed):
    rng = np.random.default_rng(seed)
    statistic = np.sort(rng.normal(size=80))[::-1]
    hits = position_sets(rng, 80, 5)
    scores = gsea(statistic, hits, seed=0, permutations=50)
    for i, at in hits.items():
        walk = naive_running_sum(statistic, set(at.tolist()))
        assert scores.loc[i, "es"] == pytest.approx(max(walk, key=abs), abs=1e-9)
        assert np.sign(scores.loc[i, "nes"]) == np.sign(scores.loc[i, "es"])


@pytest.mark.parametrize("seed", [0, 1, 123, 2**40 + 5])
def test_numbers_are_those_of_gseapy(seed):
    import gseapy

    rng = np.random.default_rng(seed)
    statistic = np.sort(rng.normal(size=700))[::-1]
    hits = position_sets(rng, 700, 20)
    names = np.array([f"G{i}" for i in range(700)])
    with library_quiet():
        theirs = gseapy.prerank(
            pd.DataFrame({"gene": names, "statistic": statistic}), {str(i): list(names[at]) for i, at in hits.items()},
            min_size=1, max_size=700, permutation_num=100, weight=1.0, ascending=None, threads=1, seed=seed,
            outdir=None, no_plot=True,
        )  # fmt: skip
    mine = gsea(statistic, hits, seed=seed, permutations=100)
    for i in hits:
        for key in ("es", "nes", "pval"):
            assert mine.loc[i, key] == pytest.approx(theirs.results[str(i)][key], abs=1e-12)


def test_threads_change_nothing():
    rng = np.random.default_rng(5)
    statistic, hits = np.sort(rng.normal(size=500))[::-1], position_sets(rng, 500, 30)
    one, two, every = (gsea(statistic, hits, seed=0, permutations=200, threads=n) for n in (1, 2, 0))
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    pd.testing.assert_frame_equal(one, every, check_exact=True)


def test_without_a_permutation_of_its_sign_a_set_is_not_estimable(make_table, run):
    table, sets = make_table(np.random.default_rng(0).normal(size=60)), (numbered("a", range(10)),)
    rows = pd.concat([run(table, sets, permutations=1, seed=seed)[0] for seed in range(12)])
    assert set(rows["status"]) == {"tested", "not_estimable"}
    columns = ["p_value", "floor", "normalised_enrichment_score", "fdr"]
    for column in columns:
        assert rows[column].notna().equals(rows["status"] == "tested")
    assert rows["enrichment_score"].notna().all()


def test_planted_sets_are_found_with_their_sign_and_leading_edge(table, run):
    sets, running = run(table)
    rows = sets.set_index("set_name")
    assert list(sets.columns) == column_names(SET_COLUMNS)
    assert list(running.columns) == column_names(RUNNING_COLUMNS)
    assert rows.loc["up", "enrichment_score"] > 0.8
    assert rows.loc["down", "enrichment_score"] < -0.8
    assert rows.loc["flat", "p_value"] > 0.05
    assert rows.loc["up", "normalised_enrichment_score"] > 1.5
    assert rows.loc["up", "leading_edge"].count(";") + 1 == rows.loc["up", "n_overlap"]
    assert set(rows.loc["down", "leading_edge"].split(";")) <= set(SETS[1].symbols)
    assert set(running["set_name"]) == {"up", "down", "flat", "tiny"}


def test_leading_edge_is_the_one_of_the_library(table, run):
    import gseapy

    ranking = table.sort_values("statistic", ascending=False)
    frame = ranking[["gene_symbol", "statistic"]]
    members = {item.name: list(item.symbols) for item in SETS[:3]}
    with library_quiet():
        theirs = gseapy.prerank(
            frame, members, min_size=1, permutation_num=10, outdir=None, no_plot=True, seed=0, threads=1
        )
    sets, _ = run(table)
    mine = sets.set_index("set_name")
    for name in members:
        assert mine.loc[name, "leading_edge"] == theirs.results[name]["lead_genes"]
        assert mine.loc[name, "enrichment_score"] == pytest.approx(theirs.results[name]["es"], abs=1e-12)


def test_p_is_never_zero_and_a_seed_of_zero_permutes(table, run):
    sets, _ = run(table, seed=0, permutations=100)
    p = sets["p_value"].dropna()
    assert p.min() == 1 / 101  # the planted sets are beyond every permutation
    assert p.max() < 1


def test_same_seed_same_result_another_seed_another_result(table, run):
    first, again, other = (run(table, seed=seed)[0] for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first["normalised_enrichment_score"].equals(other["normalised_enrichment_score"])


def test_ties_do_not_depend_on_the_order_of_the_rows(make_table, run):
    tied = make_table(np.round(np.random.default_rng(0).normal(size=300)))
    sets = (numbered("a", range(40)), numbered("b", range(50, 90, 2)))
    expected, expected_running = run(tied, sets)
    shuffled, running = run(tied.sample(frac=1, random_state=4), sets)
    pd.testing.assert_frame_equal(shuffled, expected)
    pd.testing.assert_frame_equal(running, expected_running)


def test_a_set_has_one_result_whatever_it_is_run_with(table, run):
    alone = run(table, SETS[:1])[0].iloc[0]
    among = run(table, SETS[::-1])[0].set_index("set_name").loc["up"]
    assert alone["p_value"] == among["p_value"]
    assert alone["normalised_enrichment_score"] == among["normalised_enrichment_score"]


def test_every_set_keeps_a_row_with_its_status(table, run):
    sets, _ = run(table, max_size=100)
    status = dict(zip(sets["set_name"], sets["status"], strict=True))
    assert list(sets["set_name"]) == [item.name for item in SETS]
    assert status == {
        "up": "tested",
        "down": "tested",
        "flat": "tested",
        "tiny": "too_small",
        "everything": "too_large",
    }
    untested = sets["status"] != "tested"
    assert sets.loc[untested, ["p_value", "fdr", "enrichment_score"]].isna().all(axis=None)


def test_a_set_of_all_genes_is_not_estimable(table, run):
    sets, _ = run(table)
    assert sets.set_index("set_name").loc["everything", "status"] == "not_estimable"


def test_statistics_that_are_all_zero_make_no_panic(make_table, run):
    sets, running = run(make_table(np.zeros(50)), (numbered("a", range(10)),))
    assert sets["status"].tolist() == ["not_estimable"]
    assert running.empty


def test_no_sets_and_no_tested_genes_give_empty_tables(table, run):
    assert run(table, ())[0].empty
    sets, _ = run(table.assign(status="filtered_low_count"))
    assert (sets["status"] == "too_small").all()
    assert (sets["n_universe"] == 0).all()


def test_untested_rows_are_outside_the_ranking(table, run):
    gone = table["gene_symbol"].isin(["S0", "S200"])
    sets, _ = run(table.assign(status=np.where(gone, "outlier", "tested")))
    rows = sets.set_index("set_name")
    assert (sets["n_universe"] == 398).all()
    assert rows.loc["up", "n_tested"] == 14
    assert rows.loc["up", "n_genes"] == 15


def test_fdr_is_taken_within_the_family(table, run):
    sets = [*SETS[:3], numbered("other", range(200, 240), "d")]
    rows = run(table, sets)[0].set_index("set_name")
    assert rows["family"].to_dict() == {
        "up": "declared",
        "down": "declared",
        "flat": "declared",
        "other": "exploratory",
    }
    assert rows.loc["other", "fdr"] == rows.loc["other", "p_value"]
    assert rows.loc["up", "fdr"] == pytest.approx(rows.loc["up", "p_value"] * 3 / 2)


def test_nothing_is_said_on_the_screen_and_logging_is_left_alone(make_table, capfd, run):
    tied = make_table(np.repeat([2.0, -1.0], 30))
    run(tied, (numbered("a", range(10)),))
    assert capfd.readouterr() == ("", "")
    assert logging.root.manager.disable == logging.NOTSET


def test_two_sets_of_one_name_are_refused():
    with pytest.raises(FormatError, match="2 sets of this name, in c, d"):
        need_unique_names((numbered("a", range(9)), numbered("a", range(9), "d")))


def test_leading_edge_of_a_positive_score_ends_at_the_peak():
    assert leading_edge([0, 0.4, 0.1], [0.5, 0.8, 0.3]).tolist() == [0, 1]
    assert leading_edge([-0.1, -0.6, -0.2], [0.1, -0.2, 0.2]).tolist() == [2, 1]


def test_methods_carry_the_caution():
    exploratory = {method.meta.name: method.meta.label for method in METHODS if method.meta.role == "exploratory"}
    assert list(exploratory) == ["prerank", "overlap", "scores_ssgsea", "scores_gsva"]
    assert all(label.startswith("exploratory: ") for label in exploratory.values())
    assert exploratory["prerank"] == exploratory["overlap"] == "exploratory: ignores correlation between genes"
    others = [method.meta for method in METHODS if method.meta.role == "test"]
    assert [meta.name for meta in others] == ["fry", "camera", "flips", "flips_es"]
    assert not any("exploratory" in meta.label for meta in others)
