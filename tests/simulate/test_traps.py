from __future__ import annotations

import numpy as np
import pytest

from dermshift.errors import ConfigError
from dermshift.simulate import simulate

GLAND = ["AWAT2", "KRT79", "MOGAT1", "FAR2", "ACSBG1", "ELOVL3", "FA2H", "MGST1", "FADS1", "FADS2"]


def changed_samples(plain, trapped):
    """Return the samples whose counts differ between two studies, and those only one of them has."""
    both = [sample for sample in plain.sheet.index if sample in trapped.sheet.index]
    differ = (plain.counts[both] != trapped.counts[both]).any()
    return {s for s in both if differ[s]} | set(plain.sheet.index) ^ set(trapped.sheet.index)


@pytest.fixture
def spring(small):
    return lambda *traps, **more: simulate(small(traps=traps, **more))


def test_sex_swap_draws_one_late_biopsy_of_a_man_as_a_woman(study, spring):
    trapped = spring("sex_swap")
    hit = changed_samples(study, trapped)
    sheet = trapped.sheet.loc[sorted(hit)]
    assert len(hit) == 3
    assert sheet["patient"].nunique() == 1
    assert set(sheet["sex"]) == {"male"}
    assert set(sheet["timepoint"]) == {"week1"}
    counts = trapped.counts.set_index("gene_name")[sorted(hit)]
    assert (counts.loc["XIST"] > 200).all()
    assert (counts.loc[["RPS4Y1", "DDX3Y", "KDM5D"]] < 30).all().all()
    assert trapped.sheet.equals(study.sheet)


def test_low_gland_takes_the_gland_out_of_one_late_library(study, spring):
    trapped = spring("low_gland")
    hit = changed_samples(study, trapped)
    assert len(hit) == 1
    row = trapped.sheet.loc[hit.copy().pop()]
    assert (row["timepoint"], row["compartment"]) == ("week1", "sebaceous_gland")
    sample = row.name
    gland = np.log2(trapped.counts.set_index("gene_name").loc[GLAND, sample] + 1).mean()
    before = np.log2(study.counts.set_index("gene_name").loc[GLAND, sample] + 1).mean()
    assert -4.5 < gland - before < -2


def test_missing_pair_removes_one_library_and_changes_no_other(study, spring):
    trapped = spring("missing_pair")
    assert len(trapped.sheet) == 71
    gone = changed_samples(study, trapped)
    assert len(gone) == 1
    row = study.sheet.loc[gone.pop()]
    assert (row["timepoint"], row["compartment"]) == ("week1", "dermis")


def test_outlier_biopsy_is_shallow_and_noisy(study, spring):
    trapped = spring("outlier_biopsy")
    (sample,) = changed_samples(study, trapped)
    noisy, calm = (np.log2(s.counts[sample] + 1) for s in (trapped, study))
    high = calm > 8
    shift = (noisy - calm)[high]
    assert -2.2 < shift.median() < -0.6
    assert 0.8 < shift.std() < 1.5


def test_inflamed_biopsy_raises_the_score_genes_in_every_compartment_of_one_biopsy(study, spring):
    trapped = spring("inflamed_biopsy")
    hit = sorted(changed_samples(study, trapped))
    assert len(hit) == 3
    assert set(trapped.sheet.loc[hit, "timepoint"]) == {"baseline"}
    assert trapped.sheet.loc[hit, "patient"].nunique() == 1
    genes = trapped.counts["gene_name"].isin(["S100A8", "S100A9", "KRT6A", "LCN2"])
    logs = np.log2(trapped.counts.loc[genes, list(trapped.sheet.index)] + 1).mean()
    for sample in hit:
        place = trapped.sheet["compartment"] == trapped.sheet.loc[sample, "compartment"]
        assert logs[sample] > logs[place].quantile(0.9)


def test_traps_add_up_and_naming_one_twice_changes_nothing(spring, study):
    both = changed_samples(study, spring("low_gland", "missing_pair"))
    assert both == changed_samples(study, spring("low_gland")) | changed_samples(study, spring("missing_pair"))
    assert spring("missing_pair", "missing_pair").counts.equals(spring("missing_pair").counts)


@pytest.mark.parametrize("trap", ["sex_swap", "low_gland", "missing_pair", "outlier_biopsy", "inflamed_biopsy"])
def test_every_trap_works_in_the_small_bulk_study(spring, trap):
    plain, trapped = (spring(*t, preset="small", layout="bulk") for t in ((), (trap,)))
    assert len(changed_samples(plain, trapped)) == 1


def test_a_trap_without_a_library_to_act_on_is_an_error(spring):
    with pytest.raises(ConfigError, match="low_gland"):
        spring("low_gland", compartments=("dermis",))
    with pytest.raises(ConfigError, match="sex_swap"):
        spring("sex_swap", males=0)
