from __future__ import annotations

from dermshift.genes import GeneName, GeneRegistry
from dermshift.io.genes_of_matrix import annotate

NONE = GeneRegistry()
KNOWN = GeneRegistry((GeneName("LCN2", "ENSG00000148346"),))


def test_versions_are_removed_and_the_original_kept() -> None:
    genes, findings = annotate(["ENSG00000148346.12", "ENSMUSG00000026822.15", "G.1"], None, NONE)
    assert list(genes.index) == ["ENSG00000148346", "ENSMUSG00000026822", "G.1"]
    assert list(genes["gene_id_original"]) == ["ENSG00000148346.12", "ENSMUSG00000026822.15", "G.1"]
    assert "version removed from 2" in findings[0].evidence


def test_genes_that_would_share_an_id_keep_their_versions() -> None:
    genes, findings = annotate(["ENSG00000000001.1", "ENSG00000000001.2", "ENSG00000000002.7"], None, NONE)
    assert list(genes.index) == ["ENSG00000000001.1", "ENSG00000000001.2", "ENSG00000000002"]
    assert "would share an id: ENSG00000000001" in findings[0].evidence


def test_the_second_copy_on_y_stays_apart() -> None:
    genes, _ = annotate(["ENSG00000002586.20", "ENSG00000002586.20_PAR_Y"], None, NONE)
    assert list(genes.index) == ["ENSG00000002586", "ENSG00000002586_PAR_Y"]


def test_missing_symbols_are_filled_by_ensembl_id_and_given_ones_kept() -> None:
    genes, findings = annotate(["ENSG00000148346.1", "ENSG00000000001", "ENSG00000000002"], ["NA", "mine", ""], KNOWN)
    assert list(genes["gene_symbol"]) == ["LCN2", "mine", ""]
    assert "1 missing symbols filled" in findings[-1].evidence


def test_identifiers_that_are_symbols_are_used_as_symbols_and_others_are_not() -> None:
    assert list(annotate(["LCN2", "NA", "TP53"], None, NONE)[0]["gene_symbol"]) == ["LCN2", "NA", "TP53"]
    assert set(annotate(["212531_at", "3934", "ENSG00000148346"], None, NONE)[0]["gene_symbol"]) == {""}
