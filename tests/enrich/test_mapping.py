from __future__ import annotations

import numpy as np
import pandas as pd

from dermshift.enrich.mapping import map_sets
from dermshift.genes import GeneName, GeneRegistry, GeneSet

REGISTRY = GeneRegistry(
    (
        GeneName("LCN2", "ENSG1", (), ("NGAL",)),
        GeneName("SEPTIN2", "ENSG2", ("SEPT2",), ("shared",)),
        GeneName("SEPTIN6", "ENSG3", (), ("shared",)),
    )
)


def mapped(table, *symbols):
    tested = pd.Index(table.loc[table["status"] == "tested", "gene_id"])
    return map_sets([GeneSet("s", "c", "", symbols)], table, REGISTRY, tested)[0].tested


def table_of(make_table, ids, symbols, means=None):
    return make_table(np.ones(len(ids)), gene_id=ids, gene_symbol=symbols, base_mean=means or [100.0] * len(ids))


def test_symbol_of_the_table_comes_first(make_table):
    table = table_of(make_table, ["x", "y"], ["NGAL", "LCN2"])
    assert mapped(table, "NGAL") == ("x",)


def test_ids_without_symbols_are_found_through_the_registry(make_table):
    table = table_of(make_table, ["ENSG1", "ENSG2"], [None, None])
    assert mapped(table, "NGAL", "SEPT2", "ENSG1") == ("ENSG1", "ENSG2")


def test_previous_symbol_in_the_matrix_is_found(make_table):
    assert mapped(table_of(make_table, ["a"], ["SEPT2"]), "SEPTIN2") == ("a",)


def test_an_alias_in_the_matrix_is_found_if_it_is_of_one_gene(make_table):
    assert mapped(table_of(make_table, ["a", "b"], ["NGAL", "shared"]), "LCN2", "SEPTIN2") == ("a",)


def test_alias_of_two_genes_is_not_mapped(make_table):
    assert mapped(table_of(make_table, ["ENSG2", "ENSG3"], [None, None]), "shared") == ()


def test_of_two_ids_the_higher_mean_stands_for_the_gene_even_if_it_was_not_tested(make_table):
    table = table_of(make_table, ["a", "b", "c"], ["X", "X", "Y"], [5.0, 50.0, 1.0])
    assert mapped(table, "X", "X", "Y", "unknown") == ("b", "c")
    assert mapped(table.assign(status=["tested", "outlier", "tested"]), "X") == ()
