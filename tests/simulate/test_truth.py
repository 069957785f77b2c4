from __future__ import annotations

import pytest

from dermshift.simulate import simulate


@pytest.fixture(scope="module")
def bulk(small):
    return simulate(small(layout="bulk"))


def test_every_gene_is_in_the_truth(study):
    assert set(study.truth["gene_id"]) == set(study.counts.index)
    assert list(study.truth) == [
        "gene_id",
        "gene_symbol",
        "panel",
        "compartment",
        "sex",
        "log2_fold_change",
        "kind",
        "reason",
    ]


def test_kind_says_whether_the_gene_itself_changes(study):
    changed = study.truth["log2_fold_change"] != 0
    assert (study.truth["kind"] == changed.map({True: "regulation", False: "none"})).all()


def test_a_gene_has_one_row_per_place_it_must_tell_apart(study):
    truth = study.truth
    assert not truth.duplicated(["gene_id", "compartment", "sex"]).any()
    lcn2 = truth[truth["gene_symbol"] == "LCN2"]
    assert sorted(zip(lcn2["compartment"], lcn2["sex"], strict=True)) == [
        ("dermis", "all"),
        ("epidermis", "all"),
        ("sebaceous_gland", "female"),
        ("sebaceous_gland", "male"),
    ]


def test_reasons_call_every_change_assumed_and_none_published(study):
    changed = study.truth[(study.truth["log2_fold_change"] != 0) & (study.truth["panel"] != "background")]
    assert changed["reason"].str.startswith("assumed").all()


def test_in_bulk_a_gland_marker_falls_by_composition_alone(bulk):
    krt79 = bulk.truth[bulk.truth["gene_symbol"] == "KRT79"].squeeze()
    assert krt79["kind"] == "composition"
    assert -0.16 < krt79["log2_fold_change"] < -0.05  # log2(.9) = -.152 is the most it can be


def test_in_bulk_the_named_gene_changes_in_the_whole_biopsy(bulk):
    lcn2 = bulk.truth[bulk.truth["gene_symbol"] == "LCN2"].set_index("sex")["log2_fold_change"]
    assert lcn2["male"] == pytest.approx(1.8, abs=0.01)
    assert lcn2["female"] == pytest.approx(0.3, abs=0.01)


def test_in_bulk_genes_without_compartment_do_not_change_by_composition(bulk):
    background = bulk.truth[(bulk.truth["panel"] == "background") & (bulk.truth["kind"] != "regulation")]
    assert (background["log2_fold_change"] == 0).all()
