from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.errors import FormatError
from dermshift.io import read_table, table_files, write_table
from dermshift.names import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS = (
    Column("gene_id", "text", "", ""),
    Column("gene_symbol", "text", "", ""),
    Column("value", "float", "", ""),
    Column("n", "integer", "", ""),
)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n", exclude_categories=("Cs",)), max_size=8)
floats = st.floats(allow_nan=True, allow_infinity=False)
counts = st.one_of(st.none(), st.integers(-(2**60), 2**60))
rows = st.tuples(texts.filter(bool), texts.filter(lambda text: text != "NA"), floats, counts)


def _frame(values: list[tuple[object, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(values, columns=[column.name for column in COLUMNS], dtype=object)
    return frame.astype({"value": float, "n": "Int64"})


@given(st.lists(rows, max_size=8))
def test_a_table_comes_back_as_it_was(values: list[tuple[object, ...]]) -> None:
    frame = _frame(values)
    with TemporaryDirectory() as folder:
        write_table(frame, f"{folder}/t.tsv", COLUMNS)
        pd.testing.assert_frame_equal(read_table(f"{folder}/t.tsv", COLUMNS), frame, check_exact=True)


@given(st.lists(rows, max_size=8))
def test_a_table_is_the_text_pandas_writes(values: list[tuple[object, ...]]) -> None:
    odd = [("a\tb", 'c"d', np.inf, 1), ("e\nf", "", -0.0, None), ("g", None, 1e16, 2), ("h\r", "NA", 1e-5, 3)]
    frame = _frame([*values, *odd])
    with TemporaryDirectory() as folder:
        write_table(frame, f"{folder}/t.tsv", COLUMNS)
        text = frame.to_csv(sep="\t", index=False, na_rep="NA", lineterminator="\n")
        assert Path(folder, "t.tsv").read_bytes() == text.encode()


sizes = st.one_of(
    st.floats(), st.floats(-1e-3, 1e-3), st.floats(1e9, 1e17), st.integers(-(2**60), 2**60).map(float),
    st.sampled_from([0.0, -0.0, 1e-4, 1e10, 0.0001, 9999999999.5, 2.0**-12, np.inf, -np.inf]),
)  # fmt: skip


@given(st.lists(st.one_of(sizes, st.tuples(sizes, st.integers(0, 9)).map(lambda of: round(of[0], of[1]))), max_size=50))
def test_numbers_are_written_as_python_writes_them(values: list[float]) -> None:
    assert table_files._numbers(np.array(values, dtype=float)) == [repr(value) for value in values]


@pytest.mark.parametrize("cell", ["", "a", "a\tb", 'a"', "a\rb", "a\nb", "\n", "\t", " a"])
@pytest.mark.parametrize("other", [[], ["b"], ["\t"]])
def test_only_cells_that_would_be_taken_for_more_stand_in_quotes(cell: str, other: list[str]) -> None:
    columns = [["name", cell, "c"], *(["other", *other * 2] for _ in other)]
    whole = pd.DataFrame([*zip(*columns, strict=True)][1:], columns=[column[0] for column in columns])
    for between in "\t,":
        expected = whole.to_csv(sep=between, index=False, lineterminator="\n")
        assert table_files.in_lines(columns, between) == expected


def test_identifiers_stay_text_and_only_they_may_be_called_na(tmp_path: Path) -> None:
    frame = _frame([("NA", np.nan, np.nan, None), ("007", "1E5", 0.1 + 0.2, 3)])
    write_table(frame, tmp_path / "t.tsv", COLUMNS)
    assert (tmp_path / "t.tsv").read_text() == (
        "gene_id\tgene_symbol\tvalue\tn\nNA\tNA\tNA\tNA\n007\t1E5\t0.30000000000000004\t3\n"
    )
    back = read_table(tmp_path / "t.tsv", COLUMNS)
    assert list(back["gene_id"]) == ["NA", "007"]
    assert back["gene_symbol"].isna().tolist() == [True, False]
    assert back["value"][1] == 0.1 + 0.2


def test_wrong_columns_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="columns missing"):
        write_table(pd.DataFrame({"gene_id": ["a"]}), tmp_path / "t.tsv", COLUMNS)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "content", [b"", b"gene_id\nx\n", b"\xff\xfe\x00", b"gene_id\tgene_symbol\tvalue\tn\na\tb\tc\td\n"]
)
def test_damaged_tables_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.tsv").write_bytes(content)
    with pytest.raises(FormatError, match=r"t\.tsv"):
        read_table(tmp_path / "t.tsv", COLUMNS)


@given(st.lists(rows, max_size=8))
def test_both_ways_of_reading_agree(values: list[tuple[object, ...]]) -> None:
    kinds = {column.name: column.kind for column in COLUMNS}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.tsv"
        write_table(_frame(values), path, COLUMNS)
        content = path.read_bytes()
        quick, strict = table_files._quickly(content, kinds), table_files._strictly(path, COLUMNS)
    assert (quick is None) == (b"0x" in content.lower())
    if quick is not None:
        pd.testing.assert_frame_equal(pd.DataFrame(quick), pd.DataFrame(strict), check_exact=True)


@pytest.mark.parametrize("cells", ["0.1\t0x10", "0.1\t1.5", "0x1\t1", "0.1\t", "\t1", "0,1\t1"])
def test_a_cell_of_another_kind_is_refused(tmp_path: Path, cells: str) -> None:
    head = "gene_id\tgene_symbol\tvalue\tn\n"
    (tmp_path / "t.tsv").write_text(f"{head}a\tb\t0.1\t1\n")
    assert len(read_table(tmp_path / "t.tsv", COLUMNS)) == 1
    (tmp_path / "t.tsv").write_text(f"{head}a\tb\t{cells}\n")
    with pytest.raises(FormatError, match=r"t\.tsv"):
        read_table(tmp_path / "t.tsv", COLUMNS)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Path]:
    write_table(_frame([("g", "s", 0.5, 1), ("NA", None, np.nan, None)]), tmp_path / "t.tsv", COLUMNS)
    table_files.hold_table(tmp_path / "t.tsv", COLUMNS)
    yield tmp_path / "t.tsv"
    table_files._held.clear()


def test_a_table_that_is_held_is_not_read_again_and_cannot_be_harmed(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_table(held, COLUMNS)
    first.loc[0, ["gene_symbol", "value"]] = "x", -1.0
    with monkeypatch.context() as patch:
        patch.setattr(table_files, "_quickly", None)
        again = read_table(held, COLUMNS)
    table_files._held.clear()
    pd.testing.assert_frame_equal(again, read_table(held, COLUMNS), check_exact=True)
    assert list(again.index) == [0, 1]


def test_a_held_table_that_changed_or_is_asked_for_in_other_columns_is_read(held: Path) -> None:
    with pytest.raises(FormatError):
        read_table(held, COLUMNS[:2])
    write_table(_frame([("g", "s", 0.25, 1)]), held, COLUMNS)
    assert list(read_table(held, COLUMNS)["value"]) == [0.25]
    held.unlink()
    with pytest.raises(FormatError, match="No such file"):
        read_table(held, COLUMNS)


def test_tables_of_one_folder_at_most_are_held(held: Path) -> None:
    beside, elsewhere = held.with_name("u.tsv"), held.parent / "b" / "t.tsv"
    for path in (beside, elsewhere):
        write_table(read_table(held, COLUMNS), path, COLUMNS)
    table_files.hold_table(beside, COLUMNS)
    assert len(table_files._held) == 2
    table_files.hold_table(elsewhere, COLUMNS)
    assert len(table_files._held) == 1
    table_files.hold_table(held.with_name("none.tsv"), COLUMNS)
    assert not table_files._held
    with pytest.raises(FormatError):
        table_files.hold_table(beside, COLUMNS[:2])
