"""Every identifier is read as what it is, and said so."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.genes import GeneName, GeneRegistry
from dermshift.io import examine, read_genes
from dermshift.io.genes_of_matrix import annotate
from dermshift.io.identifiers import IDENTIFIER_COLUMNS, identify, kinds_of
from dermshift.tables import require

KNOWN = GeneRegistry(
    (
        GeneName("LCN2", "ENSG00000148346", (), ("NGAL", "24p3"), "3934"),
        GeneName("SEPTIN2", "ENSG00000168385", (), ("SEPT2", "shared"), "4735"),
        GeneName("LORICRIN", "ENSG00000203782", ("LOR",), ("shared",), "4014"),
        GeneName("CSF2RA", "ENSG00000198223", (), (), "1438"),
        GeneName("LINC1", "", (), (), "77"),
    )
)


def identified(names, symbols=None, registry=KNOWN):
    return identify(annotate(names, symbols, registry)[0], registry)


def readings(names, symbols=None):
    table = require(identified(names, symbols).table, IDENTIFIER_COLUMNS, "identifiers.tsv")
    columns = ["identifier", "kind", "reading", "approved_symbol", "ensembl_id"]
    return {row[0]: tuple(row[1:]) for row in table[columns].astype(object).where(table[columns].notna(), None).values}


def test_symbols_are_read_by_any_of_their_names():
    assert readings(["LCN2", "SEPT2", "LOR", "shared", "LINC1", "ERCC-00002"]) == {
        "LCN2": ("symbol", "approved", "LCN2", "ENSG00000148346"),
        "SEPT2": ("symbol", "alias", "SEPTIN2", "ENSG00000168385"),
        "LOR": ("symbol", "previous", "LORICRIN", "ENSG00000203782"),
        "shared": ("symbol", "ambiguous", "LORICRIN;SEPTIN2", None),
        "LINC1": ("symbol", "approved", "LINC1", None),
        "ERCC-00002": ("symbol", "unknown", None, None),
    }


def test_versions_and_the_copy_on_y_are_the_same_gene():
    names = ["ENSG00000148346.12", "ENSG00000198223.16", "ENSG00000198223.16_PAR_Y", "ENSG00000999999.1"]
    assert [row[:3] for row in readings(names).values()] == [
        ("ensembl", "approved", "LCN2"),
        ("ensembl", "approved", "CSF2RA"),
        ("ensembl", "approved", "CSF2RA"),
        ("ensembl", "unknown", None),
    ]
    assert list(annotate(names, None, KNOWN)[0]["gene_symbol"]) == ["LCN2", "CSF2RA", "CSF2RA", ""]


def test_an_unknown_id_is_read_by_its_symbol_and_a_probe_set_of_several_genes_is_ambiguous():
    names, symbols = ["ENSG00000999999", "1_at", "2_at", "3_at"], ["SEPT2", "LCN2", "LOR /// NGAL", ""]
    assert [row[1:3] for row in readings(names, symbols).values()] == [
        ("alias", "SEPTIN2"),
        ("approved", "LCN2"),
        ("ambiguous", "LCN2;LORICRIN"),
        ("unknown", None),
    ]


def test_entrez_ids_get_their_symbols():
    genes, _ = annotate(["3934", "4735", "4014", "999999999999"], None, KNOWN)
    assert list(genes["gene_symbol"]) == ["LCN2", "SEPTIN2", "LORICRIN", ""]
    assert readings(["3934", "4735", "5"])["3934"] == ("entrez", "approved", "LCN2", "ENSG00000148346")


@pytest.mark.parametrize(
    "names",
    [
        ["3934", "LCN2", "SEPT2", "LOR"],  # one number among symbols
        ["3934", "7892501", "7892502", "7892505"],  # numbers of another kind
    ],
)
def test_numbers_are_entrez_ids_only_if_most_names_are(names):
    assert kinds_of(names, KNOWN)[0] == "number"
    assert readings(names)["3934"] == ("number", "unknown", None, None)


def test_row_numbers_are_no_entrez_ids():
    registry = GeneRegistry(tuple(GeneName(f"G{i}", "", (), (), str(i)) for i in range(100)))
    assert set(kinds_of([str(i) for i in range(1, 80)], registry)) == {"number"}
    assert set(kinds_of([str(i) for i in range(1, 80) if i != 7], registry)) == {"entrez"}


def test_the_finding_counts_every_kind_and_names_what_is_outdated():
    evidence = identified(["LCN2", "SEPT2", "LOR", "shared", "X1", "ENSG00000148346"]).finding.evidence
    assert evidence.split("; ") == [
        "5 of 6 identifiers are gene symbols or other names (4 known), 1 are Ensembl ids (1 known)",
        "2 are known under an older or other name: SEPT2 (now SEPTIN2), LOR (now LORICRIN)",
        "1 may mean several genes: shared",
        "1 are not in the table of known genes",
        "the symbols stay as they are in the matrix",
    ]


def test_without_known_genes_nothing_is_said():
    assert identified(["LCN2"], registry=GeneRegistry()) is None


NAMES = st.lists(
    st.sampled_from(
        ["LCN2", "SEPT2", "shared", "X", "ENSG00000148346", "ENSG00000168385.3", "3934", "77", "9", "1_at"]
    ),
    unique=True,
    min_size=1,
).flatmap(lambda names: st.tuples(st.just(names), st.permutations(names)))


@given(NAMES)
def test_the_order_of_rows_and_of_known_genes_changes_nothing(both):
    names, other = both
    turned = GeneRegistry(KNOWN.names[::-1])
    first, second = identified(names).table, identified(other, registry=turned).table
    by_name = [frame.set_index("gene_id").sort_index().drop(columns="ensembl_id") for frame in (first, second)]
    pd.testing.assert_frame_equal(*by_name)


OLD = {"SEPT2": "SEPTIN2", "MARCH1": "MARCHF1", "DEC1": "DELEC1", "WARS": "WARS1", "NGAL": "LCN2", "RARRES3": "PLAAT4"}


def test_old_symbols_of_real_genes_lead_to_the_approved_ones(root):
    registry = read_genes(root / "data" / "genes.tsv")
    for old, new in OLD.items():
        assert [gene.symbol for gene in registry.approved(old)] == [new]
    assert {"PTGS2", "MT-CO2"} <= {gene.symbol for gene in registry.approved("COX2")}
    assert len(registry.approved("TP53")) == 1


def test_a_study_says_how_its_genes_are_read(study_on_disk, tmp_path):
    (tmp_path / "known.tsv").write_text(
        "gene_symbol\tensembl_id\tprevious_symbols\taliases\nLCN2\tENSG00000000003\t\t\n", "utf-8"
    )
    examined = examine(study_on_disk(genes=str(tmp_path / "known.tsv")), frozenset())
    assert examined.identifiers["reading"].value_counts().to_dict() == {"unknown": 29, "approved": 1}
    assert (
        "30 of 30 identifiers are Ensembl ids (1 known)"
        in {f.check: f for f in examined.findings}["identifiers"].evidence
    )
    assert examine(study_on_disk(), frozenset()).identifiers is None
