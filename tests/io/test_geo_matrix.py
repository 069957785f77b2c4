from __future__ import annotations

import csv
import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.errors import FormatError
from dermshift.io.examine import read_matrix
from dermshift.io.geo_matrix import READER, read_series_matrix

SAMPLES = ["GSM3", "GSM1", "GSM2"]


def findings_of(path: str, samples: list[str] = SAMPLES) -> dict[str, tuple[str, str]]:
    return {f.check: (f.verdict, f.evidence) for f in read_series_matrix(path, samples).findings}


def test_values_names_and_platform(series_file) -> None:
    matrix = read_series_matrix(series_file(), SAMPLES)
    assert matrix.samples == ("GSM1", "GSM2", "GSM3")
    assert matrix.genes == ("1007_s_at", "212531_at")
    np.testing.assert_array_equal(matrix.values, [[1.5, 4.5], [2.5, np.nan], [3.5, 6.5]])
    assert matrix.platform == "GPL571"
    assert matrix.symbols is None


def test_what_is_said_of_a_series(series_file) -> None:
    found = findings_of(series_file())
    assert list(found) == ["matrix_layout", "geo_series", "geo_characteristics"]
    verdict, evidence = found["geo_series"]
    assert verdict == "note"
    assert evidence == "GSE1: Skin before and after; platform GPL571; processing: RMA"
    assert found["matrix_layout"] == ("note", "GEO series matrix, 2 rows, 3 samples")


@pytest.mark.parametrize("cell", ["", "NA", "null", '""', '"null"', "NaN"])
def test_missing_cells_are_left_to_the_checks(series_file, cell: str) -> None:
    assert np.isnan(read_series_matrix(series_file(("null", cell)), SAMPLES).values[1, 1])


def test_samples_outside_the_sheet_are_left_out_and_named(series_file) -> None:
    matrix = read_series_matrix(series_file(), ["GSM2", "GSM9"])
    assert matrix.samples == ("GSM2",)
    assert matrix.unlisted == ()
    verdict, evidence = findings_of(series_file(), ["GSM2", "GSM9"])["geo_left_out"]
    assert verdict == "warning"
    assert evidence.startswith("2 of 3 samples")
    assert evidence.endswith("GSM1, GSM3")


def test_row_counts_that_differ_are_a_warning_with_both_numbers(series_file) -> None:
    path = series_file(('count\t"2"\t"2"\t"2"', 'count\t"22277"\t"22277"\t"22277"'))
    expected = ("warning", "2 rows in the table, 22277 in !Sample_data_row_count")
    assert findings_of(path)["geo_row_count"] == expected


def test_processing_that_differs_is_a_warning_only_among_the_samples_in_use(series_file) -> None:
    path = series_file(('"RMA"\t"RMA"\t"RMA"', '"RMA"\t"MAS5"\t"RMA"'))
    assert findings_of(path)["geo_processing"][0] == "warning"
    assert "geo_processing" not in findings_of(path, ["GSM1", "GSM3"])


def test_odd_lines_above_the_table_are_a_warning(series_file) -> None:
    path = series_file(('\t"RMA"\t"RMA"\t"RMA"', '\t"RMA"\t"RMA"'))
    verdict, evidence = findings_of(path)["geo_header"]
    assert verdict == "warning"
    assert "line 15 (!sample_data_processing) has 2 cells for 3 samples" in evidence


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([('"1007_s_at"\t1.5\t2.5', '"1007_s_at"\t1.5')], ["line 20", "3 fields", "4 fields"]),
        ([('"212531_at"', '"1007_s_at"')], ["line 21", "'1007_s_at' again, first on line 20"]),
        ([('"212531_at"', '""')], ["line 21", "no probe set"]),
        ([('"ID_REF"\t"GSM1"\t"GSM2"\t"GSM3"', '"ID_REF"')], ["line 19", "ID_REF and no samples"]),
        ([('"ID_REF"\t"GSM1"\t"GSM2"', '"ID_REF"\t"GSM1"\t"GSM1"')], ["line 19", "twice: GSM1"]),
        ([('"ID_REF"\t"GSM1"\t"GSM2"', '"ID_REF"\t"GSM1"\t""')], ["line 19", "a column without a name"]),
        ([('"ID_REF"\t"GSM1"', '"ID_REF"\t"GSM8"')], ["line 19", "they differ in GSM1, GSM8"]),
        ([('"ID_REF"\t"GSM1"\t"GSM2"\t"GSM3"\n', "")], ["line 19", "'1007_s_at'", "ID_REF and the samples"]),
        ([("\t2.5\t", '\t"2.5\t')], ["line 20", "broken quotation"]),
        ([("\t2.5\t", "\ttwo\t")], ["line 20, column 'GSM2'", "'two', which is text"]),
        ([("\t2.5\t", '\t"2,5"\t')], ["line 20, column 'GSM2'", "decimal comma"]),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(series_file, changes, words) -> None:
    with pytest.raises(FormatError) as caught:
        read_series_matrix(series_file(*changes), SAMPLES)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_an_empty_table_names_the_supplementary_files(series_file) -> None:
    rows = '"1007_s_at"\t1.5\t2.5\t3.5\n"212531_at"\t4.5\tnull\t6.5\n'
    path = series_file((rows, ""), ("!Series_summary\t", '!Series_type\t"by sequencing"\n!Series_summary\t'))
    with pytest.raises(FormatError) as caught:
        read_series_matrix(path, SAMPLES)
    problem = caught.value.problems[0]
    assert "an empty table: GSE1 (by sequencing)" in problem.found
    assert "ftp://host/suppl/GSE1_RAW.tar" in problem.action
    none = series_file((rows, ""), ('"ftp://host/suppl/GSE1_RAW.tar"', '"NONE"'))
    with pytest.raises(FormatError, match="supplementary files of the samples"):
        read_series_matrix(none, SAMPLES)


def test_a_sheet_with_other_names_is_refused(series_file) -> None:
    with pytest.raises(FormatError) as caught:
        read_series_matrix(series_file(), ["a", "b"])
    assert "none of the samples of the sheet (a, b); samples here: GSM1, GSM2, GSM3" in str(caught.value)


@pytest.mark.parametrize("name", ["GSE1_series_matrix.txt", "GSE1_series_matrix.txt.gz", "m.csv", "m.tsv.gz", "any"])
def test_it_is_known_by_name_or_content(series_file, name: str) -> None:
    assert read_matrix(series_file(name=name), SAMPLES).platform == "GPL571"


def test_a_damaged_file_is_known_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "GSE1_series_matrix.txt.gz"
    path.write_bytes(gzip.compress(b"!Series_title\tx\n" * 99)[:30])
    with pytest.raises(FormatError, match="damaged gzip"):
        read_matrix(str(path), SAMPLES)
    assert READER.recognises is not None


numbers = st.one_of(st.floats(allow_nan=False, allow_infinity=False).map(repr), st.sampled_from(["", "null", "NA"]))
probe = st.text("0123456789abcxs_-/.", min_size=1, max_size=8)


@given(
    table=st.dictionaries(probe, st.lists(numbers, min_size=3, max_size=3), min_size=1, max_size=6),
    blanks=st.booleans(),
    packed=st.booleans(),
    crlf=st.booleans(),
    data=st.data(),
)
def test_any_quoting_gives_the_same_values(series_text, table, blanks, packed, crlf, data) -> None:
    def quoted(cell: str) -> str:
        return f'"{cell}"' if data.draw(st.booleans()) else cell

    head = series_text[: series_text.index('"ID_REF"')]
    names = ["ID_REF", "GSM1", "GSM2", "GSM3"]
    lines = ["\t".join(map(quoted, cells)) for cells in [names, *([name, *row] for name, row in table.items())]]
    text = head + ("\n\n" if blanks else "\n").join([*lines, "!series_matrix_table_end", ""])
    content = text.replace("\n", "\r\n" if crlf else "\n").encode()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "m_series_matrix.txt"
        path.write_bytes(gzip.compress(content) if packed else content)
        matrix = read_series_matrix(str(path), SAMPLES)
    missing = {"", "null", "NA"}
    expected = [[np.nan if cell in missing else float(cell) for cell in row] for row in table.values()]
    assert matrix.genes == tuple(table)
    np.testing.assert_array_equal(matrix.values.T, expected)


@given(
    rows=st.lists(st.lists(st.sampled_from(["1", "p", "", '"', '"2"', "x y", "-3"]), max_size=6), max_size=5),
)
def test_ragged_rows_are_refused_or_read_but_never_shifted(series_text, rows) -> None:
    head, tail = series_text.split('"1007_s_at"')
    text = f'{head}{"".join(chr(9).join(row) + chr(10) for row in rows)}"1007_s_at"{tail}'
    with TemporaryDirectory() as folder:
        path = Path(folder) / "m_series_matrix.txt"
        path.write_text(text)
        try:
            matrix = read_series_matrix(str(path), SAMPLES)
        except FormatError:
            return
    # Quotes may hold a tab, so the fields are those of the line and not those that were joined.
    lines = [next(csv.reader([chr(9).join(row)], delimiter=chr(9))) for row in rows if any(map(str.strip, row))]
    assert all(len(line) == 4 for line in lines)
    assert matrix.values[0, matrix.genes.index("1007_s_at")] == 1.5
