"""A gene is found by any of its names, and never by another gene's alias."""

from __future__ import annotations

import pandas as pd

from dermshift.genes import GeneName, GeneRegistry, distinct_labels, find_gene

REGISTRY = GeneRegistry(
    (
        GeneName("LCN2", "ENSG00000148346", aliases=("NGAL", "24p3")),
        GeneName("PLAAT4", "ENSG00000133321", previous=("RARRES3",), aliases=("TIG3",)),
        GeneName("MOGAT1", "ENSG00000124003", aliases=("MGAT1",)),
        GeneName("MGAT1", "ENSG00000131446"),
    )
)


def genes_of(**symbols: str) -> pd.DataFrame:
    return pd.DataFrame({"gene_symbol": list(symbols.values())}, index=list(symbols))


def test_by_symbol_id_previous_symbol_and_alias() -> None:
    genes = genes_of(ENSG00000148346="LCN2", ENSG00000133321="RARRES3", x="OTHER")
    for name in ("LCN2", "NGAL", "24p3", "ENSG00000148346"):
        assert find_gene(genes, name, REGISTRY) == ["ENSG00000148346"]
    for name in ("PLAAT4", "RARRES3", "TIG3"):
        assert find_gene(genes, name, REGISTRY) == ["ENSG00000133321"]


def test_ids_without_symbols_are_found_through_the_registry() -> None:
    assert find_gene(genes_of(ENSG00000148346=""), "NGAL", REGISTRY) == ["ENSG00000148346"]


def test_an_approved_symbol_is_never_read_as_an_alias() -> None:
    genes = genes_of(a="MOGAT1", b="MGAT1")
    assert find_gene(genes, "MGAT1", REGISTRY) == ["b"]
    assert find_gene(genes_of(a="MOGAT1"), "MGAT1", REGISTRY) == []


def test_a_gene_is_found_under_an_alias_of_the_matrix_that_is_its_alone() -> None:
    shared = GeneRegistry(
        (*REGISTRY.names, GeneName("A1", "", aliases=("both",)), GeneName("A2", "", aliases=("both",)))
    )
    assert find_gene(genes_of(a="NGAL"), "LCN2", shared) == ["a"]
    assert find_gene(genes_of(a="both"), "A1", shared) == []
    assert find_gene(genes_of(a="MGAT1"), "MOGAT1", shared) == []


def test_a_name_is_read_as_one_thing() -> None:
    shared = GeneRegistry(
        (GeneName("A", "", ("C",), ("B", "x")), GeneName("D", "", (), ("C", "x")), GeneName("B", "E1"))
    )
    names = {"A": "approved", "E1": "approved", "B": "approved", "C": "previous", "x": "ambiguous", "": "unknown"}
    assert {name: shared.reading(name)[0] for name in names} == names
    assert shared.approved("") == ()


def test_duplicate_symbols_stay_apart_and_absent_genes_are_empty() -> None:
    assert find_gene(genes_of(p1="LCN2", p2="LCN2"), "LCN2", REGISTRY) == ["p1", "p2"]
    assert find_gene(genes_of(p1="LCN2"), "NOPE", REGISTRY) == []


def test_labels_are_symbols_and_ids_where_symbols_are_shared_or_absent() -> None:
    symbols = pd.Series(["LCN2", "GDF15", "GDF15", "", None], index=["a", "b", "c", "d", "e"])
    assert distinct_labels(symbols) == {"a": "LCN2", "b": "GDF15 b", "c": "GDF15 c", "d": "d", "e": "e"}


def test_every_probe_set_of_a_gene_is_found_and_the_one_that_stands_for_it_first() -> None:
    genes = genes_of(p1="RARRES3", p2="A /// RARRES3", p3="RARRES3", p4="RARRES", p5="B///C")
    assert find_gene(genes, "PLAAT4", REGISTRY) == ["p1", "p2", "p3"]
    assert find_gene(genes, "C", REGISTRY) == ["p5"]
    aside = genes.assign(set_aside=["other probe set of the gene", "several genes", "", "", "several genes"])
    assert find_gene(aside, "RARRES3", REGISTRY) == ["p3", "p1", "p2"]
