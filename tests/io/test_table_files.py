from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.errors import FormatError
from dermshift.io import read_table, write_table
from dermshift.names import Column

if TYPE_CHECKING:
    from pathlib import Path

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
