from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from dermshift.simulate import render, simulate


def test_the_whole_layout_has_every_patient_timepoint_and_compartment_once(study):
    sheet = study.sheet
    assert len(sheet) == 72
    assert not sheet.duplicated(["patient", "timepoint", "compartment"]).any()
    assert list(sheet.columns) == ["patient", "timepoint", "sex", "compartment", "synthetic"]
    assert set(sheet["patient"]) == {f"P{i:02d}" for i in range(1, 13)}
    assert (sheet.drop_duplicates("patient")["sex"].value_counts() == 6).all()
    assert (sheet.groupby("patient")["sex"].nunique() == 1).all()
    assert (sheet["synthetic"] == "true").all()


def test_counts_are_whole_numbers_under_the_names_of_the_sheet(study):
    counts = study.counts
    assert counts.index.name == "gene_id"
    assert counts.index.is_unique
    assert list(counts.columns) == ["gene_name", *study.sheet.index]
    values = counts.iloc[:, 1:].to_numpy()
    assert np.issubdtype(values.dtype, np.integer)
    assert (values >= 0).all()


def test_panel_genes_bear_real_names_and_all_others_plainly_synthetic_ones(study):
    counts = study.counts
    synthetic = counts.index.str.fullmatch(r"SYN\d{5}")
    assert synthetic.sum() == 400 - 290
    assert (counts.index[synthetic] == counts["gene_name"][synthetic]).all()
    assert counts.index[~synthetic].str.fullmatch(r"ENSG\d{11}").all()
    assert counts.loc["ENSG00000148346", "gene_name"] == "LCN2"


def test_preset_small_has_four_women_and_three_men(small):
    sheet = simulate(small(preset="small")).sheet.drop_duplicates("patient")
    assert sheet["sex"].value_counts().to_dict() == {"female": 4, "male": 3}


def test_bulk_layout_has_one_library_per_biopsy_and_no_compartment(small):
    sheet = simulate(small(layout="bulk")).sheet
    assert len(sheet) == 24
    assert "compartment" not in sheet


def test_a_subset_of_compartments_is_cut_out_of_the_same_study(small, study):
    part = simulate(small(compartments=("dermis",)))
    assert set(part.sheet["compartment"]) == {"dermis"}
    pd.testing.assert_frame_equal(part.counts, study.counts[part.counts.columns])
    assert set(part.truth["compartment"]) == {"dermis", "all"}


@budget(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32), females=st.integers(0, 3), males=st.integers(1, 3))
def test_a_seed_gives_the_same_bytes_and_another_seed_others(small, seed, females, males):
    def made(number: int) -> dict[str, bytes]:
        return render(simulate(small(seed=number, genes=300, females=females, males=males)))

    first = made(seed)
    assert first == made(seed)
    assert first["counts.tsv.gz"] != made(seed + 1)["counts.tsv.gz"]


def test_seed_zero_is_a_seed(small):
    first, again = simulate(small(seed=0, genes=300)), simulate(small(seed=0, genes=300))
    pd.testing.assert_frame_equal(first.counts, again.counts)
