"""fry: what it finds, what it cannot answer, and its level where genes correlate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp

from dermshift.enrich import METHODS, rotation
from dermshift.enrich.base import set_rows
from dermshift.genes import GeneSet
from dermshift.names import SET_COLUMNS, column_names


def numbered(name, numbers, collection="c"):
    return GeneSet(name, collection, "", tuple(f"S{i}" for i in numbers))


SETS = (
    numbered("up", range(0, 30, 2)),
    numbered("down", range(30, 60, 2)),
    numbered("torn", range(20, 40)),
    numbered("flat", range(100, 120), "d"),
    numbered("one", (7,)),
    numbered("tiny", (1, 2)),
    numbered("everything", range(400)),
)


@pytest.fixture
def asked(make_asked, table):
    return make_asked(table, SETS)


def rows_of(asked, direction="both"):
    rows = rotation.fry(asked)
    return rows[rows["direction"] == direction].set_index("set_name")


def test_planted_sets_are_found_with_their_sign(asked):
    rows = rotation.fry(asked)
    assert list(rows.columns) == column_names(SET_COLUMNS)
    assert rows["set_name"].tolist() == [item.name for item in SETS] * 2
    assert rows["direction"].tolist() == ["both"] * 7 + ["mixed"] * 7
    both = rows_of(asked)
    assert both.loc["up", "statistic"] > 5
    assert both.loc["down", "statistic"] < -5
    assert (both.loc[["up", "down"], "fdr"] < 0.01).all()
    assert both.loc["flat", "p_value"] > 0.05
    assert both["floor"].isna().all()


def test_genes_that_move_apart_are_seen_by_mixed_alone(asked):
    assert rows_of(asked).loc["torn", "p_value"] > 0.05
    assert rows_of(asked, "mixed").loc["torn", "p_value"] < 0.01
    assert rows_of(asked, "mixed")["statistic"].isna().all()


def test_the_statistic_is_the_t_behind_the_p_value(make_asked, table):
    """Genes of equal scale in a set of one: the t of the gene's own changes."""
    asked = make_asked(table, SETS, min_size=1)
    found = rows_of(asked).loc["one"]
    t, p = ttest_1samp(asked.changes.values["E0007"], 0)
    assert found["statistic"] == pytest.approx(t, rel=1e-10)
    assert found["p_value"] == pytest.approx(p, rel=1e-9)
    assert rows_of(asked, "mixed").loc["one", "p_value"] == found["p_value"]


def test_sets_outside_the_limits_keep_a_row(make_asked, table):
    rows = rows_of(make_asked(table, SETS, max_size=300))
    assert rows["status"].to_dict() == dict.fromkeys(rows.index, "tested") | {
        "one": "too_small",
        "tiny": "too_small",
        "everything": "too_large",
    }
    assert rows.loc[rows["status"] != "tested", ["p_value", "statistic", "fdr"]].isna().all(axis=None)


def test_a_set_of_every_gene_is_answered_and_no_sets_at_all_too(asked):
    assert rows_of(asked).loc["everything", "status"] == "tested"
    assert rotation.fry(replace(asked, sets=())).empty
    assert (rows_of(replace(asked, sets=asked.sets[5:6]))["status"] == "too_small").all()


def test_a_set_has_one_result_whatever_it_is_run_with(asked):
    alone = rows_of(replace(asked, sets=asked.sets[:1])).loc["up"]
    among = rows_of(replace(asked, sets=asked.sets[::-1])).loc["up"]
    assert alone["p_value"] == among["p_value"]


@pytest.mark.parametrize("change", [0.0, 0.3])
def test_genes_that_do_the_same_in_every_patient_are_not_estimable(asked, change):
    quiet = asked.values.copy()
    quiet.iloc[:, 100:120] = 7.1
    quiet.iloc[1::2, 100:120] += change
    rows = rotation.fry(replace(asked, values=quiet))
    flat = rows[rows["set_name"] == "flat"]
    assert flat["status"].iloc[0] == "not_estimable"
    assert np.isnan(flat["p_value"].iloc[0])
    assert (rows.loc[rows["set_name"] == "up", "status"] == "tested").all()


def test_no_p_is_zero_and_a_missing_one_is_not_estimable(asked):
    rows = set_rows(
        asked.sets, method="fry", direction="both", n_universe=400, declared=frozenset(), sizes=(1, 500)
    )  # fmt: skip
    found = pd.DataFrame({"statistic": [9.0, 1.0], "p_value": [0.0, np.nan]})
    filled = rotation.filled(rows, [0, 3], found)
    assert 0 < filled.loc[0, "p_value"] < 1e-300
    assert filled.loc[3, "status"] == "not_estimable"
    assert np.isnan(filled.loc[3, "statistic"])
    assert filled.loc[1, "status"] == "tested"


def test_the_methods_that_hold_their_level_come_first():
    names = [method.meta.name for method in METHODS]
    assert names[:2] == ["fry", "camera"]
    roles = [method.meta.role for method in METHODS]
    assert roles == sorted(roles, reverse=True)


N_DRAWS, N_RANKED, N_SETS = 60, 20, 5


def null_question(make_asked, make_table, correlation, draw):
    """Return 7 pairs without any response; each of 5 sets of 60 genes shares the correlation, 500 genes do not."""
    rng = np.random.default_rng(draw)
    of = np.arange(800) // 60
    shared = np.where(of < N_SETS, np.sqrt(correlation), 0)
    change = shared * rng.normal(size=(7, 14))[:, of] + np.sqrt(1 - shared**2) * rng.normal(size=(7, 800))
    t = change.mean(axis=0) / change.std(axis=0, ddof=1) * np.sqrt(7)
    sets = [numbered(f"null {i}", range(60 * i, 60 * (i + 1))) for i in range(N_SETS)]
    asked = make_asked(make_table(t), sets, draw=draw)
    values = asked.values.to_numpy().copy()
    values[1::2] = values[::2] + change
    values = pd.DataFrame(values, asked.values.index, asked.values.columns)
    taken = pd.DataFrame(change, asked.changes.values.index, asked.changes.values.columns)
    return replace(asked, values=values, expression=values, changes=replace(asked.changes, values=taken))


@pytest.mark.slow
@pytest.mark.parametrize("correlation", [0.1, 0.2])
def test_the_level_is_held_where_genes_correlate(make_asked, make_table, correlation):
    """Share of null sets with p < .05, two standard errors allowed; permuting genes calls four to ten times more."""
    found = {}
    for draw in range(N_DRAWS):
        asked = null_question(make_asked, make_table, correlation, draw)
        for method in METHODS:
            if method.meta.role == "test" or (method.meta.name == "prerank" and draw < N_RANKED):
                rows = method.run(asked)
                for direction, part in rows.groupby("direction"):
                    found.setdefault((method.meta.name, direction), []).extend(part["p_value"])
    level = {name: np.mean(np.array(p) < 0.05) for name, p in found.items()}
    permuted, approximate = level.pop(("prerank", "both")), level.pop(("fry", "mixed"))
    error = np.sqrt(0.06 * 0.94 / (N_DRAWS * N_SETS))
    assert {name for name, _ in level} >= {"fry", "camera", "flips"}
    assert max(level.values()) < 0.06 + 2 * error, level
    assert approximate < 0.09 + 2 * error  # its p is an approximation, and no verdict rests on it
    assert permuted > 0.2, permuted
