"""Scores of sets in single libraries: against the formulas, and the paired test of their changes."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dermshift.enrich import set_score
from dermshift.enrich.set_score import METHODS, gsva, library_scores, ssgsea
from dermshift.genes import GeneSet
from dermshift.names import SET_COLUMNS, column_names
from dermshift.paired.changes import Changes


def numbered(name, numbers, collection="c"):
    return GeneSet(name, collection, "", tuple(f"S{i}" for i in numbers))


SETS = (
    numbered("up", range(0, 30, 2)),
    numbered("down", range(30, 60, 2)),
    numbered("flat", range(100, 120)),
    numbered("tiny", (1, 2)),
    numbered("everything", range(400)),
)
RUNS = pytest.mark.parametrize("run", [method.run for method in METHODS], ids=["ssgsea", "gsva"])


def study(n_libraries=8, n_genes=60, seed=0):
    rng = np.random.default_rng(seed)
    values = rng.normal(8, 2, n_genes) + rng.normal(0, 1, (n_libraries, n_genes))
    sets = {4: np.array([3, 1, 50]), 0: np.arange(10, 30), 9: np.array([59])}
    libraries = [f"b{i}" for i in range(n_libraries)]
    return pd.DataFrame(values, index=libraries, columns=[f"x{i}" for i in range(n_genes)]), sets


def naive_ssgsea(row, members):
    """Barbie et al. 2009: the sum over all genes of the distance between two running shares."""
    n = len(row)
    rank = stats.rankdata(row) * 10_000 / n
    total = sum(rank[gene] ** 0.25 for gene in members)
    inside = outside = score = 0.0
    for gene in sorted(range(n), key=lambda gene: -row[gene]):
        inside += rank[gene] ** 0.25 / total if gene in members else 0
        outside += 0 if gene in members else 1 / (n - len(members))
        score += inside - outside
    return score


def naive_gsva(values, library, members):
    """Haenzelmann et al. 2013; normal curve read off at steps of 1/1000, as in the authors' program."""
    n = values.shape[1]
    density = np.empty(n)
    for gene in range(n):
        x = values[:, gene]
        z = (x[library] - x) / (x.std(ddof=1) / 4)
        read = stats.norm.cdf(np.floor(np.minimum(np.abs(z), 10) * 1000) / 1000)
        density[gene] = np.where(np.abs(z) > 10, z > 0, np.where(z < 0, 1 - read, read)).mean()
    order = sorted(range(n), key=lambda gene: -density[gene])
    weight = {gene: abs(n - place - n / 2) for place, gene in enumerate(order)}
    total = sum(weight[gene] for gene in members)
    steps = [weight[gene] / total if gene in members else -1 / (n - len(members)) for gene in order]
    walk = np.cumsum(steps)
    return max(walk.max(), 0) + min(walk.min(), 0)


def test_scores_of_the_library_follow_barbie():
    values, sets = study()
    found = library_scores(values, sets, ssgsea)
    assert list(found.columns) == [4, 0, 9]
    assert list(found.index) == list(values.index)
    for key, at in sets.items():
        expected = [naive_ssgsea(row, set(at.tolist())) for row in values.to_numpy()]
        np.testing.assert_allclose(found[key], expected, rtol=1e-9)


@pytest.mark.parametrize("n_libraries", [6, 14])
def test_scores_of_the_library_follow_haenzelmann(n_libraries):
    values, sets = study(n_libraries)
    found = library_scores(values, sets, gsva)
    for key, at in sets.items():
        expected = [naive_gsva(values.to_numpy(), i, set(at.tolist())) for i in range(n_libraries)]
        np.testing.assert_allclose(found[key], expected, atol=1e-9)


@pytest.mark.parametrize("score", [ssgsea, gsva])
def test_scores_are_those_of_the_whole_library(score):
    import gseapy

    values, sets = study(14, 600)
    data = values.T.set_axis([f"G{i}" for i in range(600)])
    named = {str(key): [f"G{i}" for i in at] for key, at in sets.items()}
    options = {"min_size": 1, "max_size": 600, "threads": 1, "seed": 0, "outdir": None, "no_plot": True}
    if score is ssgsea:
        options |= {"sample_norm_method": "rank", "correl_norm_type": "rank", "weight": 0.25, "permutation_num": 0}
        theirs = gseapy.ssgsea(data, named, **options).res2d
    else:
        theirs = gseapy.gsva(data, named, kcdf="Gaussian", weight=1.0, mx_diff=True, abs_rnk=False, **options).res2d
    table = theirs.pivot_table(index="Name", columns="Term", values="ES").loc[values.index, list(named)]
    np.testing.assert_array_equal(library_scores(values, sets, score), table)


@pytest.mark.parametrize("score", [ssgsea, gsva])
def test_a_score_does_not_depend_on_the_other_sets_nor_on_chunks(score, monkeypatch):
    values, sets = study()
    among = library_scores(values, sets, score)
    monkeypatch.setattr(set_score, "CHUNK", 2)
    pd.testing.assert_frame_equal(library_scores(values, sets, score), among, check_exact=True)
    alone = library_scores(values, {0: sets[0]}, score)
    pd.testing.assert_series_equal(alone[0], among[0], check_exact=True)


def test_ssgsea_sees_a_library_by_itself_and_gsva_the_libraries_together():
    values, sets = study()
    both = [(library_scores(part, sets, score).iloc[0]) for score in (ssgsea, gsva) for part in (values, values[:5])]
    pd.testing.assert_series_equal(both[0], both[1])
    assert not np.allclose(both[2], both[3])


@RUNS
def test_the_test_is_the_plain_paired_t_of_the_scores(table, make_asked, run):
    asked = make_asked(table, SETS)
    rows = run(asked)
    assert list(rows.columns) == column_names(SET_COLUMNS)
    by_name = rows.set_index("set_name")
    score = ssgsea if rows["method"].iloc[0] == "scores_ssgsea" else gsva
    found = library_scores(asked.values, {0: np.arange(0, 30, 2), 2: np.arange(100, 120)}, score)
    for key, name in ((0, "up"), (2, "flat")):
        difference = found[key].to_numpy()[1::2] - found[key].to_numpy()[0::2]
        t, p = stats.ttest_1samp(difference, 0)
        assert by_name.loc[name, "statistic"] == pytest.approx(t, rel=1e-9)
        assert by_name.loc[name, "p_value"] == pytest.approx(p, rel=1e-9)
    assert by_name["status"].to_dict() == {
        "up": "tested", "down": "tested", "flat": "tested", "tiny": "too_small", "everything": "not_estimable",
    }  # fmt: skip
    assert by_name.loc["up", "statistic"] > 3 > -3 > by_name.loc["down", "statistic"]
    assert by_name.loc["up", "mean_change"] == pytest.approx(table["log2_fold_change"][0:30:2].mean())
    assert rows.loc[rows["status"] != "tested", ["statistic", "p_value", "fdr"]].isna().all(axis=None)
    assert rows["floor"].isna().all()


@RUNS
def test_two_groups_are_compared_by_their_changes(table, make_asked, run):
    asked = make_asked(table, SETS[:3])
    group = pd.Series(["male", "female"] * 3 + ["female"], asked.changes.values.index)
    rows = run(replace(asked, changes=Changes(asked.changes.values, group, ("male", "female")))).set_index("set_name")
    score = ssgsea if rows["method"].iloc[0] == "scores_ssgsea" else gsva
    found = library_scores(asked.values, {0: np.arange(0, 30, 2)}, score)[0].to_numpy()
    difference = found[1::2] - found[0::2]
    t, p = stats.ttest_ind(difference[group == "male"], difference[group == "female"])
    assert rows.loc["up", "statistic"] == pytest.approx(t, rel=1e-8)
    assert rows.loc["up", "p_value"] == pytest.approx(p, rel=1e-8)


@RUNS
def test_patients_outside_the_question_change_no_t_beyond_their_libraries(table, make_asked, run):
    """A response within one sex is tested on the patients of that sex."""
    asked = make_asked(table, SETS[:3])
    values, differences = asked.changes.values[:4], asked.differences[:4]
    rows = run(replace(asked, changes=replace(asked.changes, values=values), differences=differences))
    score = ssgsea if rows["method"].iloc[0] == "scores_ssgsea" else gsva
    found = library_scores(asked.values, {0: np.arange(0, 30, 2)}, score)[0].to_numpy()[:8]
    assert rows["statistic"].iloc[0] == pytest.approx(stats.ttest_1samp(found[1::2] - found[0::2], 0)[0], rel=1e-9)


@RUNS
def test_orders_and_names_change_no_digit(table, make_asked, run):
    asked = make_asked(table, SETS)
    genes = np.random.default_rng(1).permutation(asked.values.shape[1])
    patients = np.random.default_rng(2).permutation(7)
    changes, differences = asked.changes.values.iloc[patients, genes], asked.differences.iloc[patients]
    changes.index = differences.index = pd.Index([f"Q{i}" for i in range(7)], name="patient")
    moved = replace(
        asked, values=asked.values.iloc[:, genes], changes=replace(asked.changes, values=changes),
        differences=differences,
    )  # fmt: skip
    pd.testing.assert_frame_equal(run(asked), run(moved), check_exact=True)


@RUNS
def test_swapping_the_visits_of_everyone_turns_the_sign_alone(table, make_asked, run):
    asked = make_asked(table, SETS[:3])
    changes = replace(asked.changes, values=-asked.changes.values)
    turned = run(replace(asked, changes=changes, differences=-asked.differences))
    rows = run(asked)
    np.testing.assert_allclose(turned["statistic"], -rows["statistic"], rtol=1e-9)
    np.testing.assert_allclose(turned["p_value"], rows["p_value"], rtol=1e-9)


@RUNS
def test_too_few_patients_no_sets_and_no_genes(table, make_asked, run):
    assert set(run(make_asked(table, SETS, n=2))["status"]) == {"not_estimable", "too_small"}
    assert run(make_asked(table, ())).empty
    nothing = run(make_asked(table.assign(status="filtered_low_count"), SETS))
    assert (nothing["status"] == "too_small").all()


@RUNS
def test_nothing_is_said_and_nothing_is_written(table, make_asked, run, capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(make_asked(table, SETS))
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []
    assert logging.root.manager.disable == logging.NOTSET


@RUNS
def test_a_score_that_never_changes_is_not_estimable(table, make_asked, run):
    asked = make_asked(table, SETS[:1])
    values = asked.values.copy()
    values.iloc[1::2] = values.iloc[0::2].to_numpy()
    rows = run(replace(asked, values=values))
    assert rows["status"].tolist() == ["not_estimable"]
    assert rows["p_value"].isna().all()
