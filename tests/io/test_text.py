from __future__ import annotations

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.errors import DermshiftError, FormatError
from dermshift.io.text import read_grid


def _grid_of(folder: Path, content: bytes):
    path = folder / "x.csv"
    path.write_bytes(content)
    return read_grid(str(path))


@pytest.mark.parametrize(
    "content",
    [
        b"id,S1,S2\na,1,2\nb,3,4\n",
        b"\xef\xbb\xbfid,S1,S2\r\na,1,2\r\nb,3,4\r\n",
        b"id;S1;S2\na;1;2\nb;3;4",
        b"id\tS1\tS2\ra\t1\t2\rb\t3\t4\r",
        b'"id","S1","S2"\n"a",1,2\n\n"b",3,"4"\n\n',
        gzip.compress(b"id,S1,S2\na,1,2\nb,3,4\n", mtime=0),
    ],
)
def test_every_ordinary_layout_gives_the_same_fields(tmp_path: Path, content: bytes) -> None:
    grid = _grid_of(tmp_path, content)
    assert grid.header == ["id", "S1", "S2"]
    assert grid.rows == [["a", "1", "2"], ["b", "3", "4"]]


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    assert _grid_of(tmp_path, b"\nid,S1\n\na,1\n\n\nb,2\n").lines == [4, 7]


def test_an_extra_field_in_every_row_is_no_row_name_where_it_may_be_a_decimal_comma(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="decimal commas"):
        _grid_of(tmp_path, b"S1,S2\n1,2,5\n3,4,5\n")


def test_a_header_one_short_is_read_as_r_writes_it(tmp_path: Path) -> None:
    grid = _grid_of(tmp_path, b"S1\tS2\na\t1\t2\nb\t3\t4\n")
    assert grid.header == ["", "S1", "S2"]
    assert "one field shorter" in grid.notes[0]


@pytest.mark.parametrize("text", ["007", "1E5", "NA", "nan", "NULL", "TRUE", "", " x "])
def test_fields_stay_text(tmp_path: Path, text: str) -> None:
    assert _grid_of(tmp_path, f"id,S1\n{text},1\n".encode()).rows[0][0] == text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"\n \n", "an empty file"),
        (b"id,S1\n", "a header and no rows"),
        (b"idS1\na1\n", "one field"),
        (b"id,S1,S1\na,1,2\n", "the same name twice: S1"),
        (b"id,S1,,\na,1,2,3\n", "no name for column 3, 4"),
        (b"id,S1\na,1\nb,1,2\nc\n", "line 3"),
        (b"id,S1\na,1\nb,1,2\nc\n", "line 4"),
        (b"id,S1\na,\x001\n", "line 2"),
        (b"id,S1\na,1\n\xe4,2\n", "0xE4"),
        (b"id,S1\na,1\n\xe4,2\n", "line 3"),
        ("id,S1\na,1\n".encode("utf-16"), "UTF-16"),
        ("id,S1\na,1\n".encode("utf-16-le"), "NUL"),
        (b'id,S1\n"a,1\nb,2\n', "line 2"),
        (b'id,S1\n"a"b,1\n', "a broken quotation"),
        (gzip.compress(b"id,S1\na,1\n" * 100, mtime=0)[:-12], "damaged gzip"),
        (b"\x1f\x8bnot gzip at all", "damaged gzip"),
        (b"PK\x03\x04rest", "Excel"),
        (b"\x89HDF\r\n", "HDF5"),
    ],
)
def test_each_oddity_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(FormatError) as caught:
        _grid_of(tmp_path, content)
    assert words in str(caught.value)
    assert all(problem.expected and problem.action for problem in caught.value.problems)


@pytest.mark.parametrize("path", ["absent.csv", ".", "a\x00b"])
def test_what_cannot_be_opened_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(FormatError, match="readable file"):
        read_grid(str(tmp_path / path))


@given(st.one_of(st.binary(max_size=200), st.text("ab,;\t\n\"'1.é\x00", max_size=80).map(str.encode)))
def test_junk_is_read_or_refused_and_never_a_fault(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        try:
            grid = _grid_of(Path(folder), content)
        except DermshiftError:
            return
        assert all(len(row) == len(grid.header) for row in grid.rows)
