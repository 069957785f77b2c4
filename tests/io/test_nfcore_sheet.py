"""Sample sheets of nf-core pipelines are read as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.errors import FormatError
from dermshift.io.nfcore_sheet import one_row_per_sample
from dermshift.io.sheet import read_sheet
from dermshift.io.text import Grid
from dermshift.study import StudySpec, Timepoints

HEADER = ["sample", "fastq_1", "fastq_2", "strandedness", "patient", "visit", "run_accession"]


def row(sample, run, **other):
    cells = {"sample": sample, "fastq_1": f"/x/{run}_1.fq.gz", "fastq_2": f"/x/{run}_2.fq.gz", "strandedness": "auto"}
    cells |= {"patient": "001", "visit": "base", "run_accession": run}
    return [(cells | other)[name] for name in HEADER]


def grid_of(*rows):
    return Grid("samplesheet.csv", HEADER, list(rows), list(range(2, len(rows) + 2)), ",")


def test_a_sample_of_several_runs_is_one_row():
    merged = one_row_per_sample(grid_of(row("8", "R1"), row("9", "R2"), row("8", "R3")))
    assert merged.header == ["sample", "strandedness", "patient", "visit", "run_accession"]
    assert merged.rows == [["8", "auto", "001", "base", "R1;R3"], ["9", "auto", "001", "base", "R2"]]
    assert merged.lines == [2, 3]
    [note] = merged.notes
    assert note.split("; ") == [
        "an nf-core sheet: 3 rows of 2 samples",
        "merged, as sequenced several times: '8' (2 rows)",
        "columns of paths left out: fastq_1, fastq_2",
    ]


def test_rows_of_one_sample_that_differ_otherwise_are_refused_all_at_once():
    with pytest.raises(FormatError) as caught:
        one_row_per_sample(
            grid_of(row("8", "R1"), row("8", "R2", visit="week1"), row("9", "R3"), row("9", "R4", patient="2"))
        )
    first, second = caught.value.problems
    assert first.where == "samplesheet.csv, column 'visit', lines 2, 3"
    assert first.found == "'base', 'week1' on rows of the sample '8'"
    assert first.expected == "rows of one sample that differ in their files alone"
    assert second.where == "samplesheet.csv, column 'patient', lines 4, 5"


def test_other_sheets_and_other_names_are_left_alone():
    plain = Grid("s.csv", ["sample", "patient"], [["1", "a"], ["1", "b"]], [2, 3], ",")
    assert one_row_per_sample(plain) is plain
    rows = grid_of(row("8", "R1"))
    assert one_row_per_sample(rows, "run_accession") is rows


@given(st.lists(st.sampled_from(["1", "2", "3"]), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_sample(samples, random):
    rows = [row(name, f"R{place}") for place, name in enumerate(samples)]
    other = random.sample(rows, len(rows))
    one, two = (one_row_per_sample(grid_of(*part)).rows for part in (rows, other))
    assert sorted(cells[:-1] for cells in one) == sorted(cells[:-1] for cells in two)
    assert {cells[0] for cells in one} == set(samples)


def test_it_is_read_as_the_sheet_of_a_study(tmp_path):
    path = tmp_path / "samplesheet.csv"
    rows = [row("007", "R1"), row("007", "R2"), row("08", "R3", visit="week1")]
    path.write_text("\n".join(",".join(cells) for cells in [HEADER, *rows]), "utf-8")
    spec = StudySpec("s", "m", str(path), {"patient": "patient", "timepoint": "visit"}, Timepoints("base", "week1"))
    view, findings = read_sheet(spec, frozenset())
    assert view.frame.index.tolist() == ["007", "08"]
    assert view.frame["patient"].tolist() == ["001", "001"]
    assert view.where("patient", 1).endswith("line 4")
    assert any("merged, as sequenced several times: '007'" in finding.evidence for finding in findings)


@pytest.mark.real_data
def test_the_sheet_of_a_public_series_is_read(real_data):
    path = real_data / "loader_examples" / "SRP254919.samplesheet.csv"
    columns = {"patient": "sample_number", "timepoint": "treatment"}
    view, _ = read_sheet(StudySpec("s", "m", str(path), columns, Timepoints("mCherry", "hND6")), frozenset())
    assert view.frame.index.tolist() == [f"804238{digit}" for digit in range(1, 7)]
    assert not [name for name in view.frame if name.startswith("fastq")]
    assert view.frame["timepoint"].value_counts().to_dict() == {"mCherry": 3, "hND6": 3}
