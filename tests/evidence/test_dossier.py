"""The dossier of one gene: put together from tables, in the order to be read, honest about what was not seen."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dermshift import evidence_names as names
from dermshift.evidence.dossier import BELOW, ORDER, Shelf, cautions, dossier
from dermshift.study import Study, Timepoints

GENE, RECEPTOR, QUIET = "G1", "G2", "G3"


def rows(columns, *values):
    return pd.DataFrame([*values], columns=[column.name for column in columns])


def table():
    base = {"standard_error": 0.5, "df": 5.0, "ci_lower": -0.1, "ci_upper": 2.1, "p_value": 0.06, "fdr": 0.3, "rank": 7}
    base |= {"log2_fold_change": 1.0, "log2_fold_change_shrunken": 0.8, "base_mean": 40.0, "status": "tested"}
    quiet = dict.fromkeys(base, np.nan) | {"base_mean": 0.2, "status": "filtered_low_count"}
    symbols = {GENE: "LCN2", RECEPTOR: "SLC22A17", QUIET: "LRP2"}
    return pd.DataFrame(
        [{"gene_id": g, "gene_symbol": s} | (quiet if g == QUIET else base) for g, s in symbols.items()]
    )


@pytest.fixture
def shelf():
    from anndata import AnnData

    sheet = pd.DataFrame({"patient": ["P1", "P1"], "timepoint": ["before", "after"]}, index=["a", "b"])
    genes = pd.DataFrame({"gene_symbol": ["LCN2", "SLC22A17", "LRP2"]}, index=[GENE, RECEPTOR, QUIET])
    study = Study(
        "trial", AnnData(np.array([[3.0, 20, 0], [9.0, 22, 1]]), obs=sheet, var=genes), "counts",
        Timepoints("before", "after"),
    )  # fmt: skip
    own = {"item": GENE, "label": "LCN2", "method": "paired_t", "left_out": "", "estimate": 1.1, "p_value": 0.08}
    panel = own | {"item": "NEUTROPHIL", "estimate": 0.2}
    badge = {"item": GENE, "label": "LCN2", "method": "paired_t", "badge": "driven by P3", "flip_p": 0.1}
    return Shelf(
        study=study,
        cards=[{"id": "response", "title": "all patients", "kind": "response", "n_pairs": 7, "n_by_level": {}}],
        results={"response": table()},
        refits={"response": rows(names.REFIT_COLUMNS, own, panel, own | {"left_out": "P1", "estimate": 0.4})},
        left_out={"response": rows(names.LEFT_OUT_COLUMNS, badge | {"flip_floor": 0.015625})},
        power={"response": rows(names.POWER_COLUMNS, {"item": GENE, "mde": 2.2})},
        adjusted={"response": rows(names.ADJUSTED_COLUMNS)},
        specifications={"response": rows(names.SPECIFICATION_COLUMNS, {"item": GENE, "model": "paired t"})},
        association={"response": rows(names.ASSOCIATION_COLUMNS, {"item": GENE, "note": "association only"})},
        differences=rows(names.DIFFERENCE_COLUMNS),
        facts={"response": {"flips": {"n_genes": 3, "p_genes": 0.5}}},
        expression=pd.DataFrame([[1.0, 5, 0], [2.0, 5, 0]], index=["a", "b"], columns=[GENE, RECEPTOR, QUIET]),
        receptors={"RECEPTORS": [("SLC22A17", RECEPTOR), ("LRP2", QUIET), ("MC4R", None)]},
        sources=["NEUTROPHIL"],
        anchors=pd.DataFrame([{"gene_symbol": "LCN2", "statement": "up"}, {"gene_symbol": "PTGES", "statement": "up"}]),
    )  # fmt: skip


@pytest.fixture
def found(shelf):
    return dossier(GENE, "LCN2 (NGAL)", "mediator", shelf)


def test_it_is_json_without_missing_numbers_in_disguise(found):
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_p_values_come_in_the_order_to_be_read_and_the_engine_with_its_warning(found):
    plain, flip, engine = found["questions"][0]["p_values"]
    assert [p["method"] for p in (plain, flip, engine)] == list(ORDER)
    assert (plain["estimate"], plain["p_value"]) == (1.1, 0.08)
    assert (flip["p_value"], flip["floor"]) == (0.1, 0.015625)
    assert (engine["estimate"], engine["rank"], engine["n_tested"]) == (1.0, 7, 2)
    assert "understates the error" in engine["note"]


def test_every_part_names_the_table_it_was_read_from(found):
    question = found["questions"][0]
    assert question["tables"]["engine"] == "tables/response.tsv"
    parts = {"leave_one_out", "refits", "power", "adjusted", "specifications", "association", "flip_null"}
    assert parts <= set(question["tables"]) & set(question)
    assert {p["method"] for p in question["p_values"]} <= set(question["tables"])
    assert set(found["tables"]) <= set(found)


def test_a_receptor_that_was_not_seen_is_never_unchanged(found):
    seen, below, absent = found["receptors"]["RECEPTORS"]
    assert seen["status"] == "measured"
    assert seen["questions"][0]["log2_fold_change"] == 1.0
    assert below["status"] == below["questions"][0]["status"] == BELOW
    assert "log2_fold_change" not in below["questions"][0]
    assert absent == {"gene_symbol": "MC4R", "status": "not in the matrix", "questions": []}


def test_every_sample_is_there_as_measured(found):
    assert [(one["sample"], one["value"], one["log2"]) for one in found["samples"]] == [
        ("a", 3.0, 1.0),
        ("b", 9.0, 2.0),
    ]


def test_panels_anchors_and_cautions_stand_beside_it(found):
    assert found["sources"]["NEUTROPHIL"][0]["estimate"] == 0.2
    assert [anchor["gene_symbol"] for anchor in found["anchors"]] == ["LCN2"]
    assert any("no mediation model" in text for text in found["cautions"])
    assert found["questions"][0]["leave_one_out"][0]["badge"] == "driven by P3"
    assert len(found["questions"][0]["refits"]) == 2


def test_parts_without_rows_are_empty_not_invented(found):
    assert found["questions"][0]["adjusted"] == []
    assert found["differences"] == []


def test_a_gene_that_was_filtered_has_its_values_and_no_numbers(shelf):
    question = dossier(QUIET, "LRP2", "receptor", shelf)["questions"][0]
    assert question["status"] == "filtered_low_count"
    assert [p["p_value"] for p in question["p_values"]] == [None, None, None]


def test_cautions_follow_what_was_measured_and_compared(shelf):
    usual = cautions(shelf.study)
    assert any("One arm only" in text for text in usual)
    assert not any("probe set" in text for text in usual)
    arrays = cautions(replace(shelf.study, scale="log2", comparison="conditions"))
    assert any("may be background" in text for text in arrays)
    assert not any("arm" in text.split() for text in arrays)
