from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.errors import DermshiftError, FormatError, PairingError, ScaleError, SheetError
from dermshift.io import READERS, examine, load_study, sha256
from dermshift.study import Study, StudySpec, Timepoints

if TYPE_CHECKING:
    from collections.abc import Callable

    OnDisk = Callable[..., StudySpec]


def test_a_sound_study_is_built_in_the_order_of_the_sheet(
    study_on_disk: OnDisk, small_counts: pd.DataFrame, small_sheet: pd.DataFrame
) -> None:
    spec = study_on_disk(counts=small_counts.iloc[:, ::-1])
    study, findings = load_study(spec, frozenset({"sex"}))
    assert list(study.sheet.index) == list(small_sheet["id"])
    assert study.sheet["patient"].tolist()[:3] == ["001", "001", "002"]
    assert list(study.sheet.columns) == ["patient", "timepoint", "sex", "remark"]
    np.testing.assert_array_equal(study.adata.X, small_counts.T.to_numpy())
    assert study.adata.X.dtype == np.float64
    assert study.genes.index[3] == "ENSG00000000003"
    assert study.scale == "counts"
    assert [source.role for source in study.sources] == ["matrix", "samples"]
    assert study.sources[0].sha256 == sha256(spec.matrix)
    assert not [finding for finding in findings if finding.verdict == "error"]


def test_all_problems_are_collected_over_both_files(
    study_on_disk: OnDisk, small_sheet: pd.DataFrame, small_counts: pd.DataFrame
) -> None:
    small_sheet.loc[0, "sex"] = "female "
    small_sheet.loc[2, "visit"] = "week8"
    wrong = small_counts.astype(float).drop(columns="S4w").assign(S1b=-0.5)
    examined = examine(study_on_disk(sheet=small_sheet, counts=wrong), frozenset({"sex"}))
    failed = {finding.check for finding in examined.findings if finding.verdict == "error"}
    assert {"no_outer_blanks", "timepoints", "pairs_complete", "samples_agree", "scale"} <= failed
    assert examined.study is None
    assert examined.sheet is not None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda sheet, counts: (sheet.drop(index=1), counts.drop(columns="S1w")), PairingError),
        (lambda sheet, counts: (sheet.drop(columns="sex"), counts), SheetError),
        (lambda sheet, counts: (sheet, np.log2(counts + 0.5)), ScaleError),
        (lambda sheet, counts: (sheet, counts.rename(columns="x{}".format)), FormatError),
    ],
)
def test_the_error_class_names_the_kind(
    study_on_disk: OnDisk,
    small_sheet: pd.DataFrame,
    small_counts: pd.DataFrame,
    change: Callable[..., tuple],
    error: type,
) -> None:
    sheet, counts = change(small_sheet, small_counts)
    with pytest.raises(error):
        load_study(study_on_disk(sheet=sheet, counts=counts, scale="counts"), frozenset({"sex"}))


@pytest.mark.parametrize("field", ["matrix", "samples", "genes", "sex_genes"])
def test_a_missing_file_is_a_finding(study_on_disk: OnDisk, field: str) -> None:
    examined = examine(study_on_disk(**{field: "absent.tsv"}), frozenset())
    failed = [finding for finding in examined.findings if finding.verdict == "error"]
    assert len(failed) == 1
    assert failed[0].problems[0].where == "absent.tsv"
    assert examined.study is None


def test_an_unknown_ending_lists_the_known_ones(study_on_disk: OnDisk, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="No such file"):
        load_study(study_on_disk(matrix="counts.xyz"), frozenset())
    (tmp_path / "counts.xyz").write_text("gene")
    with pytest.raises(FormatError, match=r"\.h5ad"):
        load_study(study_on_disk(matrix=str(tmp_path / "counts.xyz")), frozenset())
    names = [reader.name for reader in READERS]
    assert names[:3] == ["nfcore_rnaseq", "featurecounts", "geo_series_matrix"]
    assert names[3:8] == ["salmon", "kallisto", "star", "htseq", "one_sample_files"]
    assert names[8:] == ["excel", "parquet", "text", "anndata"]


def test_doubled_genes_stop_the_study(study_on_disk: OnDisk, small_counts: pd.DataFrame) -> None:
    small_counts.index = pd.Index(["A", "A", *small_counts.index[2:]], name="gene")
    with pytest.raises(FormatError, match="more than once: A"):
        load_study(study_on_disk(counts=small_counts), frozenset())


def test_a_column_with_the_name_of_a_role_it_does_not_play_is_set_aside(
    study_on_disk: OnDisk, small_sheet: pd.DataFrame
) -> None:
    sheet = small_sheet.rename(columns={"remark": "compartment"}).assign(**{"a/b": "x", "_index": "y"})
    study, _ = load_study(study_on_disk(sheet=sheet), frozenset())
    assert study.compartments == []
    assert list(study.sheet.columns) == ["patient", "timepoint", "sex", "compartment_in_sheet", "a_b", "index_in_sheet"]


def test_the_sample_column_may_stand_anywhere(study_on_disk: OnDisk, small_sheet: pd.DataFrame) -> None:
    columns = {"sample": "id", "patient": "subject", "timepoint": "visit"}
    spec = study_on_disk(sheet=small_sheet[["visit", "subject", "id"]], columns=columns)
    assert list(load_study(spec, frozenset())[0].sheet.index) == list(small_sheet["id"])


@pytest.mark.filterwarnings("ignore:The 'future.infer_string' option:DeprecationWarning")
def test_one_matrix_in_three_forms_gives_one_study(
    tmp_path: Path, study_on_disk: OnDisk, small_counts: pd.DataFrame
) -> None:
    import anndata

    plain, _ = load_study(study_on_disk(), frozenset())
    small_counts.T.to_csv(tmp_path / "across.tsv.gz", sep="\t")
    anndata.AnnData(small_counts.T.astype(np.float32)).write_h5ad(tmp_path / "m.h5ad")
    for name in ("across.tsv.gz", "m.h5ad"):
        other, _ = load_study(study_on_disk(matrix=str(tmp_path / name)), frozenset())
        pd.testing.assert_frame_equal(other.values, plain.values)
        pd.testing.assert_frame_equal(other.genes, plain.genes)


@given(order=st.permutations(range(8)))
def test_the_order_of_the_sheet_does_not_matter(order: list[int]) -> None:
    labels = [(f"S{i}{t}", f"P{i}", t) for i in range(4) for t in ("a", "b")]
    sheet = pd.DataFrame(labels, columns=["sample", "patient", "timepoint"])
    counts = pd.DataFrame(
        np.random.default_rng(3).integers(0, 500, (5, 8)), columns=sheet["sample"], index=list("GHIJK")
    )
    columns = {"patient": "patient", "timepoint": "timepoint"}
    with TemporaryDirectory() as folder:
        counts.to_csv(f"{folder}/c.csv")
        sheet.iloc[order].to_csv(f"{folder}/s.csv", index=False)
        spec = StudySpec("s", f"{folder}/c.csv", f"{folder}/s.csv", columns, Timepoints("a", "b"))
        study: Study = load_study(spec, frozenset())[0]
    assert list(study.sheet.index) == [labels[place][0] for place in order]
    for sample, patient, timepoint in labels:
        assert tuple(study.sheet.loc[sample]) == (patient, timepoint)
        assert study.values.loc[sample].tolist() == counts[sample].tolist()


cells = st.sampled_from(["S1", "S2", "P1", "a", "b", "1", "2.5", "-1", "NA", "", " ", '"', "=1+1", "é", "inf", "1-Mar"])
tables = st.lists(st.lists(cells, min_size=1, max_size=4).map(",".join), max_size=5).map("\n".join)


@given(matrix=tables, sheet=tables, prefix=st.sampled_from(["", "sample,patient,timepoint\nS1,P1,a\nS2,P1,b\n"]))
def test_junk_files_give_findings_and_nothing_else(matrix: str, sheet: str, prefix: str) -> None:
    columns = {"patient": "patient", "timepoint": "timepoint"}
    with TemporaryDirectory() as folder:
        Path(f"{folder}/c.csv").write_text(matrix, "utf-8")
        Path(f"{folder}/s.csv").write_text(prefix + sheet, "utf-8")
        spec = StudySpec("s", f"{folder}/c.csv", f"{folder}/s.csv", columns, Timepoints("a", "b"))
        examined = examine(spec, frozenset({"sex"}))
        assert examined.study is None
        with pytest.raises(DermshiftError) as caught:
            load_study(spec, frozenset({"sex"}))
    assert caught.value.problems
