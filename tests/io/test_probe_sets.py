from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.errors import FormatError
from dermshift.io import examine, load_study
from dermshift.io.matrix import Matrix
from dermshift.io.probe_sets import PROBE_COLUMNS, choose, label, suffix_class, without_controls, without_gaps
from dermshift.io.probes import Annotation
from dermshift.tables import require

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dermshift.study import StudySpec

SYMBOLS = {
    "1_at": ("A",), "2_x_at": ("A",), "3_at": ("A", "B"), "4_at": (), "5_s_at": ("B",), "AFFX-x_at": ("ACTB",),
}  # fmt: skip
ANNOTATION = Annotation("a.annot", "GPL571", "ID", SYMBOLS)
LEVELS = pd.Series({"1_at": 5.0, "2_x_at": 6.0, "3_at": 9.0, "4_at": 9.0, "5_s_at": 1.0, "AFFX-x_at": 9.0})
NAMES = ("1_at", "2_x_at", "3_at", "4_at", "5_s_at")


def genes_of(names=NAMES) -> pd.DataFrame:
    return pd.DataFrame({"gene_symbol": [""] * len(names)}, index=pd.Index(names, dtype=object))


def matrix_of(*names: str, platform: str = "") -> Matrix:
    values = np.arange(2.0 * len(names)).reshape(2, len(names))
    return Matrix(values, ("S1", "S2"), names, None, (), (), (), platform)


def aside(levels: pd.Series = LEVELS, rule: str = "highest_mean") -> dict[str, str]:
    return dict(choose(genes_of(), levels, ANNOTATION, rule).genes["set_aside"])


def test_the_highest_mean_stands_for_its_gene() -> None:
    assert aside() == {
        "1_at": "other probe set of the gene",
        "2_x_at": "",
        "3_at": "several genes",
        "4_at": "no gene",
        "5_s_at": "",
    }


def test_of_equal_means_the_first_by_name_stands() -> None:
    assert aside(LEVELS.replace(6.0, 5.0))["1_at"] == ""


def test_every_probe_set_of_one_gene_may_stand_for_itself() -> None:
    assert [name for name, reason in aside(rule="every").items() if not reason] == ["1_at", "2_x_at", "5_s_at"]


def test_the_table_holds_every_probe_set_and_the_finding_its_counts() -> None:
    choice = choose(genes_of(), LEVELS, ANNOTATION, "highest_mean")
    table = require(choice.table, PROBE_COLUMNS, "probes.tsv").set_index("gene_id")
    assert list(table.index) == list(LEVELS.index)
    assert table.loc["AFFX-x_at", "role"] == "control"
    assert table.loc["2_x_at"].tolist() == ["A", 6.0, "may_cross_hybridise", "chosen"]
    assert table.loc["3_at"].tolist() == ["A /// B", 9.0, "unique", "several genes"]
    assert pd.isna(table.loc["4_at", "gene_symbol"])
    evidence = choice.finding.evidence
    assert evidence.startswith("rule highest_mean: 2 probe sets stand for 2 genes, 1 of which have several; set aside")
    assert "1 other probe sets of a gene, 1 of several genes, 1 without a gene" in evidence
    assert evidence.endswith("1 of the chosen may cross-hybridise (_x_at)")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("212531_at", "unique"),
        ("1007_s_at", "several_transcripts"),
        ("221728_x_at", "may_cross_hybridise"),
        ("1255_g_at", "other"),
        ("ILMN_1", "other"),
        ("32821_AT", "unique"),
    ],
)
def test_the_ending_tells_the_class(name: str, kind: str) -> None:
    assert suffix_class(name) == kind


def test_controls_are_dropped_and_counted() -> None:
    kept, notes = without_controls(matrix_of("AFFX-x_at", "1_at", "affx_y"))
    assert kept.genes == ("1_at",)
    assert kept.values.tolist() == [[1.0], [4.0]]
    assert notes[0].evidence.startswith("2 control probe sets")
    plain = matrix_of("AFFXA", "GENE")
    assert without_controls(plain) == (plain, ())


def test_symbols_come_from_the_annotation() -> None:
    kept, finding = label(matrix_of("1_at", "3_at", "4_at", "new_at"), ANNOTATION)
    assert kept.symbols == ("A", "A /// B", "", "")
    assert finding.verdict == "note"
    assert finding.evidence == (
        "1 probe sets of one gene, 1 of several, 1 without a gene, 1 not in the annotation a.annot (platform GPL571)"
    )


def test_an_annotation_of_another_array_is_an_error_that_names_both() -> None:
    _, finding = label(matrix_of("1_at", "a", "b", platform="GPL8300"), ANNOTATION)
    assert finding.verdict == "error"
    assert "33% of the 3 probe sets of the matrix (platform GPL8300) are in a.annot (platform GPL571)" in str(
        finding.problems[0]
    )
    _, near = label(matrix_of("1_at", "4_at", platform="GPL96"), ANNOTATION)
    assert near.verdict == "warning"
    assert "the values are of GPL96, another array that shares 100% of its names" in near.evidence


def test_an_annotation_without_a_header_is_refused() -> None:
    _, finding = label(matrix_of("0_at", "1_at"), Annotation("map.tsv", "", "0_at", SYMBOLS))
    assert "the probe set '0_at' where the name of the column should be" in finding.evidence


@given(st.permutations(NAMES), st.lists(st.floats(0, 16), min_size=5, max_size=5))
def test_neither_order_nor_repetition_changes_the_choice(order: list[str], means: list[float]) -> None:
    levels = pd.Series(means, index=list(NAMES))
    first = choose(genes_of(), levels, ANNOTATION, "highest_mean").genes["set_aside"]
    again = choose(genes_of(order), levels[order], ANNOTATION, "highest_mean").genes["set_aside"]
    assert again.to_dict() == first.to_dict()
    assert sum(reason == "" for reason in first) == 2


@pytest.fixture
def array_study(tmp_path: Path, study_on_disk: Callable[..., StudySpec], small_sheet: pd.DataFrame):
    """Function from a sheet to the spec of a log2 study of probe sets; of A the second probe set is higher."""

    def write(sheet: pd.DataFrame = small_sheet, **changes: object) -> StudySpec:
        rng = np.random.default_rng(4)
        values = pd.DataFrame(rng.normal(8, 1, (len(SYMBOLS), 8)), index=list(SYMBOLS), columns=list(small_sheet["id"]))
        values.loc["2_x_at"] += 3
        rows = [f"{name}\t{' /// '.join(symbols)}\n" for name, symbols in SYMBOLS.items()]
        (tmp_path / "GPL571.tsv").write_text("ID\tsymbol\n" + "".join(rows))
        return study_on_disk(sheet=sheet, counts=values, scale="log2", probes=str(tmp_path / "GPL571.tsv"), **changes)

    return write


def test_a_study_of_probe_sets(array_study) -> None:
    study, findings = load_study(array_study(), frozenset())
    assert list(study.genes.index) == list(NAMES)
    assert study.genes["gene_symbol"].tolist() == ["A", "A", "A /// B", "", "B"]
    assert study.genes["set_aside"].tolist()[:3] == ["other probe set of the gene", "", "several genes"]
    assert {"probe_controls", "probe_annotation", "probe_sets"} <= {finding.check for finding in findings}
    assert "probe annotation" in [source.role for source in study.sources]


def test_the_mean_is_that_of_all_samples(array_study) -> None:
    spec = array_study()
    examined = examine(spec, frozenset())
    assert examined.study is not None
    assert examined.probes is not None
    means = examined.probes.set_index("gene_id")["mean"]
    np.testing.assert_allclose(means[list(NAMES)], examined.study.adata.X.mean(axis=0), rtol=1e-14)
    assert means["AFFX-x_at"] > 0


@pytest.mark.parametrize("seed", range(5))
def test_permuted_labels_choose_the_same_probe_sets(array_study, small_sheet: pd.DataFrame, seed: int) -> None:
    chosen = load_study(array_study(), frozenset())[0].genes["set_aside"]
    rng = np.random.default_rng(seed)
    labels = small_sheet[["subject", "visit"]].to_numpy()[rng.permutation(8)]
    permuted = small_sheet.assign(subject=labels[:, 0], visit=labels[:, 1], sex="f")
    assert load_study(array_study(permuted), frozenset())[0].genes["set_aside"].equals(chosen)


def test_a_study_without_annotation_has_no_such_column(array_study) -> None:
    from dataclasses import replace

    examined = examine(replace(array_study(), probes=""), frozenset())
    assert examined.probes is None
    assert examined.study is not None
    assert "set_aside" not in examined.study.genes
    assert "AFFX-x_at" not in examined.study.genes.index


def test_an_annotation_that_is_not_there_is_refused(array_study) -> None:
    from dataclasses import replace

    with pytest.raises(FormatError, match=r"absent\.tsv"):
        load_study(replace(array_study(), probes="absent.tsv"), frozenset())


def test_samples_that_take_no_part_do_not_count(array_study, small_sheet: pd.DataFrame) -> None:
    spec = array_study(other_timepoints=("other",))
    sheet = small_sheet.copy()
    sheet.loc[6:, "visit"] = "other"
    sheet.to_csv(spec.samples, sep="\t", index=False)
    examined = examine(spec, frozenset())
    assert examined.study is not None
    assert examined.probes is not None
    assert examined.study.adata.n_obs == 6
    means = examined.probes.set_index("gene_id")["mean"]
    np.testing.assert_allclose(means[list(NAMES)], examined.study.adata.X.mean(axis=0), rtol=1e-14)


def test_probe_sets_of_a_series_with_gaps_take_no_part_unless_there_are_too_many() -> None:
    whole = replace(matrix_of(*(f"{i}_at" for i in range(20))), platform="GPL1")
    values = whole.values.copy()
    values[0, 3] = np.nan
    found, notes = without_gaps(replace(whole, values=values), whole.samples)
    assert found.genes == tuple(name for name in whole.genes if name != "3_at")
    assert found.values.shape == (len(whole.samples), 19)
    assert notes[0].verdict == "warning"
    assert notes[0].evidence.startswith("1 probe sets lack a value")
    elsewhere, _ = without_gaps(replace(whole, values=values), whole.samples[1:])
    assert len(elsewhere.genes) == 20  # the gap is in a sample that takes no part
    values[0, :5] = np.nan
    assert without_gaps(replace(whole, values=values), whole.samples)[1] == ()
    other = replace(whole, values=values, platform="")
    assert without_gaps(other, whole.samples) == (other, ())
