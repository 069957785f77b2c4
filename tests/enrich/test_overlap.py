from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact, hypergeom

from dermshift.enrich.overlap import odds_ratio, overlap
from dermshift.fdr import benjamini_hochberg
from dermshift.genes import GeneSet
from dermshift.names import SET_COLUMNS, column_names


def numbered_set(name, numbers, collection="c"):
    return GeneSet(name, collection, "", tuple(f"S{i}" for i in numbers))


SETS = (
    numbered_set("up", range(20)),
    numbered_set("down", range(30, 50)),
    numbered_set("flat", range(200, 230)),
    numbered_set("tiny", (1, 2)),
)


@pytest.fixture
def run(make_asked):
    def run(table, sets=SETS, **options):
        return overlap(make_asked(table, sets, **options))

    return run


def test_p_is_the_hypergeometric_tail_over_the_tested_genes(table, run):
    table = table.assign(status=np.where(table.index < 380, "tested", "filtered_low_count"))
    rows = run(table)
    tested = table[table["status"] == "tested"]
    lists = {
        "up": set(tested.loc[(tested["fdr"] < 0.05) & (tested["log2_fold_change"] > 0), "gene_symbol"]),
        "down": set(tested.loc[(tested["fdr"] < 0.05) & (tested["log2_fold_change"] < 0), "gene_symbol"]),
    }
    members = {item.name: set(item.symbols) for item in SETS}
    for row in rows[rows["status"] == "tested"].itertuples():
        shared = len(lists[row.direction] & members[row.set_name])
        listed, size = len(lists[row.direction]), len(members[row.set_name])
        assert row.n_universe == 380
        assert row.n_overlap == shared
        assert row.p_value == pytest.approx(hypergeom.sf(shared - 1, 380, size, listed), rel=1e-9)
        assert row.enrichment_score == pytest.approx(odds_ratio(shared, size, listed, 380))


def test_up_and_down_are_tested_apart_and_planted_sets_found(table, run):
    rows = run(table).set_index(["set_name", "direction"])
    assert list(rows.reset_index().columns.sort_values()) == sorted(column_names(SET_COLUMNS))
    assert rows.loc[("up", "up"), "p_value"] < 1e-10
    assert rows.loc[("down", "down"), "p_value"] < 1e-10
    assert rows.loc[("up", "down"), "p_value"] == 1
    assert rows.loc[("up", "up"), "leading_edge"].count(";") + 1 == rows.loc[("up", "up"), "n_overlap"]


def test_sets_without_overlap_stay_in_the_family(table, run):
    rows = run(table)
    for _, group in rows[rows["status"] == "tested"].groupby("direction"):
        assert len(group) == 3
        np.testing.assert_allclose(group["fdr"], benjamini_hochberg(group["p_value"]))
    assert (rows.loc[rows["status"] == "tested", "p_value"] == 1).any()


def test_lists_below_ten_genes_are_not_tested(table, run):
    few = table.assign(fdr=np.where(table.index < 9, 0.001, 1.0))
    rows = run(few)
    assert set(rows["status"]) == {"too_few_genes", "too_small"}
    assert rows["p_value"].isna().all()
    assert rows.loc[(rows["set_name"] == "up") & (rows["direction"] == "up"), "n_overlap"].item() == 9


def test_a_list_that_meets_no_set_gives_p_of_one(table, run):
    called = table.assign(fdr=np.where(table.index < 60, 0.001, 1.0))
    rows = run(called, (numbered_set("flat", range(300, 340)),))
    assert rows["p_value"].tolist() == [1.0, 1.0]


def test_genes_without_fdr_are_on_no_list_but_may_not_be_tested_either(table, run):
    gone = table.assign(fdr=table["fdr"].mask(table.index < 5), status=np.where(table.index < 5, "outlier", "tested"))
    rows = run(gone).set_index(["set_name", "direction"])
    assert rows.loc[("up", "up"), "n_universe"] == 395
    assert rows.loc[("up", "up"), "n_tested"] == 15
    assert rows.loc[("up", "up"), "n_overlap"] == 15


def test_genes_that_differ_in_case_alone_stay_apart(make_table, run):
    ids = [f"g{i}" if i % 2 else f"G{i - i % 2 + 1}" for i in range(100)]
    statistic = np.where(np.arange(100) % 2, 8.0, 0.1)
    table = make_table(statistic, gene_id=ids, gene_symbol=ids)
    upper = GeneSet("upper", "c", "", tuple(name for name in ids if name[0] == "G"))
    rows = run(table, (upper,)).set_index("direction")
    assert rows.loc["up", "n_overlap"] == 0
    assert rows.loc["up", "p_value"] == 1


def test_order_of_rows_does_not_matter(table, run):
    pd.testing.assert_frame_equal(run(table.sample(frac=1, random_state=1)), run(table))


def test_odds_ratio_with_halves_added():
    assert odds_ratio(5, 10, 20, 100) == pytest.approx(5.5 * 75.5 / (5.5 * 15.5))
    assert fisher_exact([[5, 5], [15, 75]]).statistic == pytest.approx(5 * 75 / (5 * 15))  # the plain one is near


def test_no_sets_give_an_empty_table(table, run):
    assert run(table, ()).empty
