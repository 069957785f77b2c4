from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dermshift.enrich.symbols_report import by_collection, sentence, set_symbols, summary
from dermshift.genes import GeneName, GeneRegistry, GeneSet
from dermshift.names import SET_SYMBOL_COLUMNS, column_names

REGISTRY = GeneRegistry(
    (
        GeneName("LCN2", "ENSG1", (), ("NGAL",)),
        GeneName("LORICRIN", "ENSG2", ("LOR",), ()),
        GeneName("SEPTIN2", "ENSG3", ("SEPT2",), ("shared",)),
        GeneName("SEPTIN6", "ENSG4", (), ("shared",)),
        GeneName("GONE", "ENSG5", ("WENT",), ()),
    )
)


@pytest.fixture
def table(make_table):
    ids = ["ENSG1", "b", "ENSG3", "low", "odd", "nan", "p1", "p2", "p3"]
    named = ["LCN2", "LOR", None, "LOW", "ODD", "NAN", "X", "X", "Y /// Z"]
    status = ["tested"] * 3 + ["filtered_low_count", "outlier", "tested", "tested", "set_aside", "set_aside"]
    statistic = np.where(np.array(ids) == "nan", np.nan, 1.0)
    means = [9.0] * 6 + [5.0, 50.0, 1.0]
    return make_table(statistic, gene_id=ids, gene_symbol=named, status=status, base_mean=means)


def fates(table, *symbols):
    rows = set_symbols([GeneSet("s", "c", "", symbols)], table, REGISTRY)
    return {row.symbol: (row.used_as, row.gene_id, row.outcome) for row in rows.itertuples()}


def test_genes_tested_under_their_own_name_need_no_row(table):
    assert fates(table, "LCN2", "ENSG1", "LOR", "X", "b") == {}


def test_other_names_say_what_they_became(table):
    assert fates(table, "NGAL", "LORICRIN", "SEPT2", "SEPTIN2") == {
        "NGAL": ("LCN2", "ENSG1", "updated"),
        "LORICRIN": ("LOR", "b", "updated"),
        "SEPT2": ("SEPTIN2", "ENSG3", "updated"),
    }


def test_what_is_not_used_says_why(table):
    assert fates(table, "shared", "GONE", "WENT", "UNKNOWN", "LOW", "ODD", "NAN") == {
        "shared": ("", "", "alias_of_several_genes"),
        "GONE": ("GONE", "", "not_in_matrix"),
        "WENT": ("GONE", "", "not_in_matrix"),
        "UNKNOWN": ("", "", "not_in_matrix"),
        "LOW": ("LOW", "low", "filtered_low_count"),
        "ODD": ("ODD", "odd", "outlier"),
        "NAN": ("NAN", "nan", "not_estimable"),
    }


def test_a_gene_measured_only_together_with_others_is_set_aside_not_absent(table):
    assert fates(table, "Z") == {"Z": ("Z", "p3", "set_aside")}


def test_rows_are_in_the_order_of_sets_and_symbols(table):
    sets = [GeneSet("b", "c", "", ("NGAL", "LCN2", "UNKNOWN")), GeneSet("a", "d", "", ("NGAL",))]
    rows = set_symbols(sets, table, REGISTRY)
    assert list(rows.columns) == column_names(SET_SYMBOL_COLUMNS)
    assert rows[["set_name", "collection", "symbol"]].to_numpy().tolist() == [
        ["b", "c", "NGAL"],
        ["b", "c", "UNKNOWN"],
        ["a", "d", "NGAL"],
    ]


def test_the_summary_counts_every_symbol_once(table):
    sets = [GeneSet("all", "c", "", ("LCN2", "NGAL", "shared", "UNKNOWN", "LOW")), GeneSet("fine", "c", "", ("LCN2",))]
    found = summary(sets, set_symbols(sets, table, REGISTRY))
    assert found.loc["all"].tolist() == ["c", 5, 1, 1, 1, 1, 1]
    assert found.loc["fine"].tolist() == ["c", 1, 1, 0, 0, 0, 0]
    assert sentence(found.loc["fine"]) == "1 of 1 symbols tested"
    assert sentence(found.loc["all"]).split("; ") == [
        "1 of 5 symbols tested",
        "1 tested under another name",
        "1 in the matrix but not tested",
        "1 not in the matrix",
        "1 an alias of several genes, not used",
    ]


def test_no_sets_give_no_rows(table):
    rows = set_symbols([], table, REGISTRY)
    assert rows.empty
    assert summary([], rows).empty


def test_five_thousand_sets_are_all_counted(make_table):
    draw = np.random.default_rng(0)
    table = make_table(draw.normal(size=20_000))
    names = np.array([f"S{i}" for i in range(24_000)])
    registry = GeneRegistry(tuple(GeneName(f"G{i}", f"N{i}", (f"P{i}",), (f"S{i}",)) for i in range(19_000, 60_000)))
    sets = [GeneSet(f"set {i}", "c", "", tuple(draw.choice(names, 50, replace=False))) for i in range(5000)]
    rows = set_symbols(sets, table, registry)
    found = summary(sets, rows)
    assert found["n_symbols"].sum() == 250_000
    assert len(rows) == pd.Series(rows["outcome"] == "not_in_matrix").sum() > 30_000


def test_a_collection_counts_each_symbol_once(table):
    sets = [GeneSet("a", "c", "", ("NGAL", "LCN2")), GeneSet("b", "c", "", ("NGAL",)), GeneSet("d", "e", "", ("LOW",))]
    found = by_collection(sets, set_symbols(sets, table, REGISTRY))
    assert found.loc["c", ["n_sets", "n_symbols", "n_tested", "n_updated"]].tolist() == [2, 2, 1, 1]
    assert found.loc["e", ["n_sets", "n_symbols", "n_tested", "n_not_tested"]].tolist() == [1, 1, 0, 1]
    assert by_collection([], set_symbols([], table, REGISTRY)).empty
