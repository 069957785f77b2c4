from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dermshift.errors import FormatError
from dermshift.io.readers import read_matrix

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, **columns: pa.Array) -> str:
    pq.write_table(pa.table(columns), path)
    return str(path)


def test_genes_in_rows_with_every_kind_of_number(tmp_path: Path) -> None:
    path = write(
        tmp_path / "counts.parquet",
        gene_id=pa.array(["ENSG1", "007", "NA"]).dictionary_encode(),
        gene_name=pa.array(["TP53", None, "x"]),
        A=pa.array([1, None, 3], pa.int64()),
        B=pa.array([1.5, 2, 0.1]),
        C=pa.array([Decimal("1.25"), Decimal("0.00"), None], pa.decimal128(10, 2)),
        D=pa.array([1, 2, 3], pa.uint8()).dictionary_encode(),
        E=pa.array([1.5, 2, 3], pa.float32()),
    )
    matrix = read_matrix(path, ["E", "D", "C", "B", "A"])
    assert matrix.samples == ("A", "B", "C", "D", "E")
    assert matrix.genes == ("ENSG1", "007", "NA")
    assert matrix.symbols == ("TP53", "", "x")
    expected = [[1, np.nan, 3], [1.5, 2, 0.1], [1.25, 0, np.nan], [1, 2, 3], [1.5, 2, 3]]
    np.testing.assert_array_equal(matrix.values, expected)


@pytest.mark.parametrize("transposed", [False, True])
def test_frames_of_pandas_read_back(tmp_path: Path, transposed: bool) -> None:
    frame = pd.DataFrame(np.random.default_rng(0).poisson(50, (20, 4)), columns=["1", "S2", "S3", "extra"])
    frame.index = pd.Index([f"G{i}" for i in range(20)], name="gene_id")
    (frame.T.rename_axis(None) if transposed else frame).to_parquet(tmp_path / "x.pq")
    matrix = read_matrix(str(tmp_path / "x.pq"), ["S3", "1", "S2"])
    assert matrix.samples == ("1", "S2", "S3")
    assert matrix.unlisted == ("extra",)
    assert matrix.genes == tuple(frame.index)
    np.testing.assert_array_equal(matrix.values, frame[["1", "S2", "S3"]].to_numpy().T)


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"g": pa.array(["a"]), "A": pa.array([[1]])}, "nested columns: A"),
        ({"g": pa.array(["a"]), "A": pa.array([{"x": 1}])}, "nested columns: A"),
        ({"g": pa.array(["a"]), "A": pa.array([True])}, "values of type bool"),
        ({"g": pa.array(["a"]), "h": pa.array(["b"]), "A": pa.array([1])}, "2 columns of text: g, h"),
        ({"g": pa.array([1]), "A": pa.array([1])}, "0 columns of text: none"),
        ({"g": pa.array(["a", None]), "A": pa.array([1, 2])}, "no name in row 2"),
        ({"g": pa.array([], pa.string()), "A": pa.array([], pa.int8())}, "0 rows, 2 columns"),
        ({"g": pa.array(["a"])}, "1 rows, 1 columns"),
        ({"g": pa.array(["a"]), "A": pa.array(["2024"]).cast("binary")}, "values of type binary"),
    ],
)
def test_tables_that_are_no_matrix_are_refused(tmp_path: Path, columns: dict[str, pa.Array], found: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_matrix(write(tmp_path / "x.parquet", **columns), ["A"])
    assert [problem.found for problem in caught.value.problems] == [found]


def test_known_by_its_content_and_refused_when_damaged(tmp_path: Path) -> None:
    path = write(tmp_path / "x.dat", g=pa.array(["a"]), A=pa.array([1]))
    assert read_matrix(path, ["A"]).genes == ("a",)
    content = (tmp_path / "x.dat").read_bytes()
    (tmp_path / "x.dat").write_bytes(content[:-20])
    with pytest.raises(FormatError, match="not readable as Parquet"):
        read_matrix(path, ["A"])
    (tmp_path / "y.parquet").write_text("gene\tA\n")
    with pytest.raises(FormatError, match="not readable as Parquet"):
        read_matrix(str(tmp_path / "y.parquet"), ["A"])
