from __future__ import annotations

import numpy as np
import pytest


def assumed(study, gene, compartment, sex="all"):
    """Return the assumed change; a row that says `all` holds for every compartment or both sexes."""
    truth = study.truth[study.truth["gene_symbol"] == gene]
    fits = truth["compartment"].isin([compartment, "all"]) & truth["sex"].isin([sex, "all"])
    return truth.loc[fits, "log2_fold_change"].item()


def observed(study, gene, compartment, sex):
    """Return the change of log2 counts, one figure per patient, corrected for the size of the library."""
    sheet = study.sheet[(study.sheet["compartment"] == compartment) & (study.sheet["sex"] == sex)]
    logs = np.log2(study.counts.set_index("gene_name")[list(sheet.index)] + 0.5)
    logs -= logs[logs.mean(axis=1) > 5].median()
    before = sheet.index[sheet["timepoint"] == "baseline"]
    after = sheet.index[sheet["timepoint"] == "week1"]
    return logs.loc[gene, after].to_numpy() - logs.loc[gene, before].to_numpy()


@pytest.mark.parametrize(
    ("gene", "compartment", "sex", "change"),
    [
        ("LCN2", "sebaceous_gland", "male", 2.2),
        ("LCN2", "sebaceous_gland", "female", 0.4),
        ("LCN2", "epidermis", "male", 0.5),
        ("LCN2", "dermis", "female", 0.0),
        ("BID", "sebaceous_gland", "male", 0.6),  # extrinsic comes before intrinsic
        ("CFLAR", "sebaceous_gland", "male", -0.3),  # named before its family
        ("TNFSF10", "epidermis", "male", 0.0),
        ("TP53", "sebaceous_gland", "male", 0.0),
        ("CASP3", "sebaceous_gland", "female", 0.0),
        ("S100A7", "epidermis", "male", 0.7),  # early response comes before keratinisation
        ("RARRES1", "dermis", "female", 0.3),
        ("KRT2", "epidermis", "female", -0.8),
        ("FADS2", "sebaceous_gland", "female", -0.4),
        ("HMGCR", "epidermis", "male", -0.1),
        ("COL1A1", "dermis", "male", 0.0),
        ("SLC22A17", "sebaceous_gland", "male", 0.0),
    ],
)
def test_the_first_panel_that_names_a_gene_decides(study, gene, compartment, sex, change):
    assert assumed(study, gene, compartment, sex) == change


@pytest.mark.parametrize("gene", ["LCN2", "TNFRSF10B", "CRABP2", "CCND1", "TP53", "TMPRSS4", "HMGCS1"])
@pytest.mark.parametrize("compartment", ["epidermis", "sebaceous_gland", "dermis"])
@pytest.mark.parametrize("sex", ["female", "male"])
def test_what_was_planted_comes_back_on_average(crowd, gene, compartment, sex):
    change = observed(crowd, gene, compartment, sex)
    error = change.std(ddof=1) / np.sqrt(len(change))
    assert change.mean() == pytest.approx(assumed(crowd, gene, compartment, sex), abs=4 * error + 0.05)


def test_null_genes_do_not_move(crowd):
    null = crowd.truth[(crowd.truth["compartment"] == "all") & (crowd.truth["panel"] == "background")]["gene_symbol"]
    sheet = crowd.sheet[crowd.sheet["compartment"] == "sebaceous_gland"]
    counts = crowd.counts.set_index("gene_name").loc[null, list(sheet.index)]
    logs = np.log2(counts[counts.mean(axis=1) > 50] + 0.5)
    logs -= logs.median()
    after, before = (logs.loc[:, list(sheet.index[sheet["timepoint"] == t])].to_numpy() for t in ("week1", "baseline"))
    t = (after - before).mean(axis=1) / (after - before).std(axis=1, ddof=1) * np.sqrt(after.shape[1])
    assert abs(t.mean()) < 0.5
    assert 0.75 < t.std() < 1.25


def test_one_in_a_hundred_background_genes_changes_in_one_compartment(study):
    changed = study.truth[(study.truth["panel"] == "background") & (study.truth["log2_fold_change"] != 0)]
    assert len(changed) == changed["gene_id"].nunique() == 1
    assert set(changed["log2_fold_change"].abs()) == {0.8}


def test_receptors_below_detection_are_not_counted(study):
    counts = study.counts.set_index("gene_name").iloc[:, :]
    assert (counts.loc[["MC3R", "MC4R"]] == 0).all().all()
    assert counts.loc["LRP2"].mean() < 2
