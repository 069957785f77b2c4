from __future__ import annotations

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dermshift.errors import FormatError
from dermshift.io.text_matrix import read_text_matrix

SAMPLES = ["S1", "S2", "007"]


def _matrix(folder: Path, text: str, samples: list[str] = SAMPLES, name: str = "m.csv"):
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return read_text_matrix(str(path), samples)


def test_genes_in_rows_with_a_symbol_column(tmp_path: Path) -> None:
    matrix = _matrix(tmp_path, "gene_id,gene_name,007,S1,S2\nG1,A,1,2,3\nNA,,4,5,6\n")
    assert matrix.samples == ("007", "S1", "S2")
    assert matrix.genes == ("G1", "NA")
    assert matrix.symbols == ("A", "")
    assert matrix.values.tolist() == [[1, 4], [2, 5], [3, 6]]
    assert matrix.unlisted == ()


def test_samples_in_rows(tmp_path: Path) -> None:
    matrix = _matrix(tmp_path, "sample,G1,G2\nS2,1,2\n007,3,4\nextra,5,6\n")
    assert matrix.samples == ("S2", "007")
    assert matrix.unlisted == ("extra",)
    assert matrix.values.tolist() == [[1, 2], [3, 4]]
    assert "samples in rows" in matrix.findings[1].evidence


def test_columns_that_are_no_samples_are_listed_and_not_read(tmp_path: Path) -> None:
    matrix = _matrix(tmp_path, "id,description,S1,S2,007\nG1,a word,1,2,3\n")
    assert matrix.unlisted == ("description",)
    assert matrix.values.tolist() == [[1], [2], [3]]


def test_a_square_matrix_is_told_by_names_alone(tmp_path: Path) -> None:
    down = _matrix(tmp_path, "x,S1,S2\nG1,1,2\nG2,3,4\n", ["S1", "S2"])
    across = _matrix(tmp_path, "x,G1,G2\nS1,1,3\nS2,2,4\n", ["S1", "S2"])
    assert down.values.tolist() == across.values.tolist() == [[1, 3], [2, 4]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,A,B\nG1,1,2\n", "0 of 3 samples of the sheet are column names, 0 are row names"),
        ("id,S1,S2\nS1,1,2\nS2,3,4\n", "samples on both axes"),
        ("id,S1,S2,007\n,1,2,3\n", "no name in the first column"),
        ("id,S1,S2,007\nG1,1,two,3\n", "line 2, column 'S2'"),
        ('id,S1,S2,007\nG1,1,"2,5",3\n', "decimal comma"),
        ('id,S1,S2,007\nG1,1,"1,234",3\n', "thousands separator"),
        ("id;S1;S2;007\nG1;1;2,5;3\n", "decimal comma"),
        ("id,S1,S2,007\nG1,1,2,5,3\n", "5 fields"),
        ("id,S1,S2,007\nG1,1,1_000,3\n", "1_000"),
        ("id,S1,S2,007\nG1,1,٣,3\n", "'٣'"),
    ],
)
def test_wrong_content_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(FormatError) as caught:
        _matrix(tmp_path, text)
    assert words in str(caught.value)


def test_one_axis_that_holds_all_samples_decides_over_a_stray_name(tmp_path: Path) -> None:
    matrix = _matrix(tmp_path, "id,S1,S2,007\nS1,1,2,3\nG2,4,5,6\n")
    assert matrix.genes == ("S1", "G2")
    assert "3 of 3 samples of the sheet are column names, 1 are row names" in matrix.findings[1].evidence


def test_missing_and_infinite_values_are_left_to_the_checks(tmp_path: Path) -> None:
    matrix = _matrix(tmp_path, "id,S1,S2,007\nG1,NA,inf,\nG2,nan,1e20,-3\n")
    np.testing.assert_array_equal(matrix.values, [[np.nan, np.nan], [np.inf, 1e20], [np.nan, -3]])


def test_many_text_fields_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"G{i},a,b,c\n" for i in range(20))
    with pytest.raises(FormatError) as caught:
        _matrix(tmp_path, f"id,S1,S2,007\n{rows}")
    assert len(caught.value.problems) == 11
    assert caught.value.problems[-1].found == "50 more of this kind"


shapes = st.tuples(st.integers(1, 4), st.integers(1, 5))
finite = st.floats(allow_nan=False, allow_infinity=False)
names = st.text("ABC019._-E", min_size=1, max_size=4)


@given(
    values=shapes.flatmap(lambda shape: arrays(float, shape, elements=finite)),
    data=st.data(),
    separator=st.sampled_from([",", "\t", ";"]),
    by_gene=st.booleans(),
    packed=st.booleans(),
)
def test_any_matrix_comes_back_exactly(
    values: np.ndarray, data: st.DataObject, separator: str, by_gene: bool, packed: bool
) -> None:
    n_samples, n_genes = values.shape
    samples = data.draw(st.lists(names.map("S{}".format), min_size=n_samples, max_size=n_samples, unique=True))
    genes = data.draw(
        st.lists(names, min_size=n_genes, max_size=n_genes, unique=True).filter(lambda g: not set(g) & set(samples))
    )
    table, across, down = (values.T, samples, genes) if by_gene else (values, genes, samples)
    lines = [separator.join(["name", *across])]
    lines += [separator.join([name, *(repr(float(v)) for v in row)]) for name, row in zip(down, table, strict=True)]
    shuffled = data.draw(st.permutations(samples))
    with TemporaryDirectory() as folder:
        matrix = _matrix(Path(folder), "\n".join(lines), list(shuffled), "m.tsv.gz" if packed else "m.tsv")
    assert matrix.genes == tuple(genes)
    assert matrix.samples == tuple(samples)
    np.testing.assert_array_equal(matrix.values, values)
