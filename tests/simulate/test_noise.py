from __future__ import annotations

import numpy as np
import pytest

from dermshift.simulate import simulate
from dermshift.simulate.noise import dispersion_curve


@pytest.mark.parametrize(("mean", "median"), [(17, 0.235), (55, 0.131), (170, 0.068), (550, 0.037), (1700, 0.030)])
def test_the_dispersion_curve_is_within_a_third_of_real_medians(mean, median):
    assert dispersion_curve(np.array([mean]))[0] == pytest.approx(median, rel=0.33)


def paired_residuals(study, gene, compartment):
    sheet = study.sheet[study.sheet["compartment"] == compartment]
    logs = np.log2(study.counts.set_index("gene_name")[list(sheet.index)] + 0.5)
    logs -= logs[logs.mean(axis=1) > 5].median()
    wide = logs.loc[gene].groupby([sheet["sex"], sheet["patient"], sheet["timepoint"]]).first().unstack()
    change = wide["week1"] - wide["baseline"]
    return (change - change.groupby("sex").transform("mean")).std() / np.sqrt(2)


def test_the_named_gene_is_calm_by_default_and_wild_on_request(crowd, small):
    wild = simulate(small(females=60, males=60, eczema_noise=True))
    assert 0.3 < paired_residuals(crowd, "LCN2", "sebaceous_gland") < 0.6
    assert 1.0 < paired_residuals(wild, "LCN2", "sebaceous_gland") < 1.7


def test_pairing_removes_a_good_part_of_the_variance(crowd):
    names = crowd.counts["gene_name"][crowd.counts.index.str.startswith("SYN")]
    sheet = crowd.sheet[crowd.sheet["compartment"] == "epidermis"]
    logs = np.log2(crowd.counts.loc[names.index, list(sheet.index)] + 0.5)
    logs = logs[logs.mean(axis=1) > np.log2(300)]
    logs -= logs.median()
    before, after = (logs[list(sheet.index[sheet["timepoint"] == t])].to_numpy() for t in ("baseline", "week1"))
    residual = (after - before).var(axis=1, ddof=1) / 2
    share = 1 - np.median(residual / before.var(axis=1, ddof=1))
    assert 0.2 < share < 0.5


def test_the_named_gene_follows_the_inflammation_score(crowd):
    sheet = crowd.sheet[(crowd.sheet["timepoint"] == "baseline") & (crowd.sheet["compartment"] == "epidermis")]
    logs = np.log2(crowd.counts.set_index("gene_name").loc[["LCN2", "S100A8"], list(sheet.index)] + 0.5)
    assert 0.35 < np.corrcoef(logs)[0, 1] < 0.8


def test_markers_tell_the_compartments_apart(study):
    counts = study.counts.set_index("gene_name")[list(study.sheet.index)]
    level = counts.T.groupby(study.sheet["compartment"]).median()
    assert level["FADS2"].idxmax() == "sebaceous_gland"
    assert level["KRT5"].idxmax() == "epidermis"
    assert level["DCN"].idxmax() == "dermis"


def test_sex_genes_never_overlap_between_the_sexes(study):
    counts = study.counts.set_index("gene_name")[list(study.sheet.index)]
    female = (study.sheet["sex"] == "female").to_numpy()
    for gene, high in (("XIST", female), ("RPS4Y1", ~female), ("DDX3Y", ~female), ("KDM5D", ~female)):
        values = counts.loc[gene].to_numpy()
        assert values[high].min() > 10 * max(values[~high].max(), 1)
