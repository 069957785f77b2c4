from __future__ import annotations

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.errors import FormatError
from dermshift.io.geo_series import is_series, read_series


def test_keys_repeat_and_quotes_go(series_file) -> None:
    series = read_series(series_file())
    assert series.accession == "GSE1"
    assert series.values("series_summary") == ["one", "two"]
    assert series.first("series_sample_id") == "GSM1 GSM2 GSM3"
    assert series.samples == ("GSM1", "GSM2", "GSM3")
    assert len(series.by_sample("sample_characteristics_ch1")) == 2
    assert series.oddities == ()


def test_the_platform_of_the_samples_rules(series_file) -> None:
    assert read_series(series_file()).platform == "GPL571"
    line = '!Sample_platform_id\t"GPL571"\t"GPL571"\t"GPL571"\n'
    assert read_series(series_file((line, ""))).platform == ""
    assert read_series(series_file((line, ""), ('!Series_platform_id\t"GPL3921"\n', ""))).platform == "GPL571"


def test_a_series_says_whether_arrays_were_measured(series_file) -> None:
    accession = '!Series_geo_accession\t"GSE1"\n'
    said = accession + '!Series_type\t"Expression profiling by array"\n'
    sequenced = said + '!Sample_library_strategy\t"RNA-Seq"\t"RNA-Seq"\t"RNA-Seq"\n'
    assert not read_series(series_file()).arrays
    assert read_series(series_file((accession, said))).arrays
    assert not read_series(series_file((accession, sequenced))).arrays


def test_several_platforms_of_the_samples_are_refused_with_the_name_of_the_file(series_file) -> None:
    path = series_file(('"GPL571"\t"GPL571"\t"GPL571"', '"GPL571"\t"GPL3921"\t"GPL571"'))
    with pytest.raises(FormatError) as caught:
        read_series(path)
    assert "samples of 2 platforms: GPL571, GPL3921" in str(caught.value)
    assert "GSE1-GPL571_series_matrix.txt.gz" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([("!series_matrix_table_end\n", "")], ["line 21", "after 3 lines of the table", "table_end"]),
        ([("!series_matrix_table_begin\n", "")], ["no line !series_matrix_table_begin", "on line 18"]),
        ([("!series_matrix_table_end\n", "!series_matrix_table_end\n!x\t1\n")], ["line 23", "1 lines after"]),
        ([("!Series_title", "!series_matrix_table_begin\n!Series_title")], ["on lines 1, 19"]),
        ([('"GSM1"\t"GSM2"\t"GSM3"', '"GSM1"\t"GSM1"\t"GSM3"')], ["line 11", "the same sample twice: GSM1"]),
        ([('"GSM1"\t"GSM2"\t"GSM3"', '"GSM1"\t""\t"GSM3"')], ["line 11", "a sample without a name"]),
    ],
)
def test_a_broken_frame_is_refused_with_its_lines(series_file, changes, words) -> None:
    with pytest.raises(FormatError) as caught:
        read_series(series_file(*changes))
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_soft_file_is_told_from_a_series_matrix(tmp_path: Path) -> None:
    path = tmp_path / "GSE1_family.soft"
    path.write_text("^DATABASE = GeoMiame\n!Database_name = GEO\n^SERIES = GSE1\n")
    assert is_series(str(path))
    with pytest.raises(FormatError, match="another file of GEO"):
        read_series(str(path))


def test_truncated_gzip_is_refused(series_file) -> None:
    path = Path(series_file(name="x_series_matrix.txt.gz"))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FormatError, match="damaged gzip"):
        read_series(str(path))


def test_lines_that_lack_cells_are_not_used_and_named(series_file) -> None:
    series = read_series(series_file(('!Sample_title\t"a"\t"b"\t"c"', '!Sample_title\t"a"\t"b"\nstray')))
    assert series.by_sample("sample_title") == []
    assert series.oddities == (
        "1 lines that do not start with '!' are not used: 11",
        "line 10 (!sample_title) has 2 cells for 3 samples and is not used",
    )


def test_quotes_and_tabs_inside_prose_are_survived(series_file) -> None:
    path = series_file(('"a"\t"b"\t"c"', '"5\' "cap" a"\t"b\tb"\tc'))
    assert read_series(path).by_sample("sample_title") == [('5\' cap" a"', "b\tb", "c")]


def test_prose_that_is_no_utf8_is_read_and_noted(series_file) -> None:
    path = Path(series_file())
    path.write_bytes(path.read_bytes().replace(b'"RMA"', b'"RMA at 4 \xb0C"'))
    series = read_series(str(path))
    assert series.first("sample_data_processing") == "RMA at 4 °C"
    assert series.oddities == ("no UTF-8 from line 15 on: the prose was read as Latin-1",)


@pytest.mark.parametrize(
    ("start", "known"),
    [
        (b"!Series_title\tx\n", True),
        (b'\xef\xbb\xbf\n"!Sample_title"\tx\n', True),
        (b"^SERIES = x", True),
        (b"gene,S1\n", False),
        (b"!Something else\n", False),
        (b"", False),
    ],
)
def test_the_first_line_tells(tmp_path: Path, start: bytes, known: bool) -> None:
    plain, packed = tmp_path / "m.csv", tmp_path / "m"
    plain.write_bytes(start)
    packed.write_bytes(gzip.compress(start))
    assert is_series(str(plain)) == is_series(str(packed)) == known
    assert not is_series(str(tmp_path / "absent"))


lines = st.sampled_from(
    [
        "", " ", "junk", '"', '!Sample_title\t"a"\t"b', "!Sample_geo_accession\tGSM1\tGSM2", "!Sample_platform_id\tG",
        "!Sample_characteristics_ch1\tx: 1\t\t", "!series_matrix_table_begin", "!series_matrix_table_end", "!", "!\t\t",
        "ID_REF\tGSM1\tGSM2", '"p"\t1\t2', "p\t1", '"p\t"1"\t2', "^SAMPLE = x", "#x", "é\t\x85",
    ]
)  # fmt: skip


@given(st.lists(lines, max_size=14), st.booleans())
def test_any_lines_are_read_or_refused_in_words(chosen: list[str], good: bool) -> None:
    frame = ["!Sample_geo_accession\tGSM1\tGSM2", "!series_matrix_table_begin", "ID_REF\tGSM1\tGSM2", *chosen]
    text = "\n".join([*frame, "!series_matrix_table_end"] if good else chosen)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "m_series_matrix.txt"
        path.write_text(text, "utf-8")
        try:
            series = read_series(str(path))
        except FormatError:
            return
    assert len(set(series.samples)) == len(series.samples)
