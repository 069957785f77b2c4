"""camera: what it finds, what it cannot answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t

from dermshift.enrich import competitive
from dermshift.genes import GeneSet
from dermshift.names import SET_COLUMNS, column_names


def numbered(name, numbers, collection="c"):
    return GeneSet(name, collection, "", tuple(f"S{i}" for i in numbers))


SETS = (
    numbered("up", range(0, 30, 2)),
    numbered("down", range(30, 60, 2)),
    numbered("flat", range(100, 120), "d"),
    numbered("one", (7,)),
    numbered("everything", range(400)),
)


@pytest.fixture
def asked(make_asked, table):
    return make_asked(table, SETS)


def rows_of(asked):
    return competitive.camera(asked).set_index("set_name")


def test_planted_sets_are_found_with_their_sign(asked):
    rows = competitive.camera(asked)
    assert list(rows.columns) == column_names(SET_COLUMNS)
    assert rows["direction"].unique().tolist() == ["both"]
    named = rows.set_index("set_name")
    assert named.loc["up", "statistic"] > 3
    assert named.loc["down", "statistic"] < -3
    assert (named.loc[["up", "down"], "p_value"] < 0.01).all()
    assert named.loc["flat", "p_value"] > 0.05
    assert named.loc["flat", "correlation"] == pytest.approx(0, abs=0.1)


def test_statistic_and_p_agree(asked):
    rows = rows_of(asked).loc[["up", "down", "flat"]]
    np.testing.assert_allclose(2 * t.sf(rows["statistic"].abs(), 6), rows["p_value"], rtol=1e-9)


def test_a_shift_of_all_genes_is_no_finding(asked):
    """The set is compared with the others: what all genes share is not the set's, where fry would call it."""
    shifted = asked.values.copy()
    shifted.iloc[1::2] += 3.0
    p = rows_of(replace(asked, values=shifted)).loc["flat", "p_value"]
    assert p > 0.05


def test_correlation_of_the_genes_weakens_the_answer(asked):
    values = asked.values.copy()
    values.iloc[1::2, :30] += np.random.default_rng(2).normal(0, 1, (7, 1))
    plain, shared = rows_of(asked).loc["up"], rows_of(replace(asked, values=values)).loc["up"]
    assert shared["correlation"] > 0.5
    assert abs(shared["statistic"]) < abs(plain["statistic"]) / 2


def test_a_set_of_every_gene_is_not_estimable(asked):
    row = rows_of(asked).loc["everything"]
    assert row["status"] == "not_estimable"
    assert np.isnan(row["p_value"])


def test_a_set_of_one_gene_has_no_correlation(make_asked, table):
    row = rows_of(make_asked(table, SETS, min_size=1)).loc["one"]
    assert row["status"] == "tested"
    assert 0 < row["p_value"] < 1
    assert np.isnan(row["correlation"])


def test_two_genes_are_too_few_to_compare(make_asked, make_table):
    rows = rows_of(make_asked(make_table(np.array([1.0, -1.0])), [numbered("a", (0,))], min_size=1))
    assert rows["status"].tolist() == ["not_estimable"]


def test_genes_that_never_change_spoil_no_set(asked):
    quiet = asked.values.copy()
    quiet.iloc[:, 100:110] = 7.0
    rows = rows_of(replace(asked, values=quiet))
    assert rows.loc[["up", "down", "flat"], "p_value"].notna().all()
    assert rows.loc["up", "p_value"] < 0.01


def test_nothing_to_test_is_an_empty_answer(asked):
    assert competitive.camera(replace(asked, sets=())).empty


def test_a_set_has_one_result_whatever_it_is_run_with(asked):
    alone = rows_of(replace(asked, sets=asked.sets[:1])).loc["up", "p_value"]
    assert alone == rows_of(replace(asked, sets=asked.sets[::-1])).loc["up", "p_value"]
