"""Every reader of text: a value or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fuzzing import valid
from fuzzing.mutate import damaged
from fuzzing.survive import bounded_memory, survives
from hypothesis import given, settings
from hypothesis import strategies as st

from dermshift.config import read_config
from dermshift.io.gene_files import read_genes, read_gmt, read_sex_genes
from dermshift.io.json_files import read_json
from dermshift.io.probes import read_annotation
from dermshift.io.readers import read_matrix
from dermshift.io.sheet import read_sheet
from dermshift.io.table_files import read_table
from dermshift.names import SET_SYMBOL_COLUMNS, column_names
from dermshift.study import StudySpec, Timepoints

if TYPE_CHECKING:
    from pathlib import Path

TABLE = valid.table([column_names(SET_SYMBOL_COLUMNS), ["SET", "a", "BAX", "BAX", "E1", "updated"]])


def sheet(path: str) -> object:
    columns = {"patient": "patient", "timepoint": "timepoint", "sex": "sex"}
    return read_sheet(StudySpec("s", "counts.tsv", path, columns, Timepoints("before", "after")), frozenset({"sex"}))


def matrix(path: str) -> object:
    return read_matrix(path, valid.SAMPLES)


def result_table(path: str) -> object:
    return read_table(path, SET_SYMBOL_COLUMNS)


READERS = {
    "counts.tsv": (matrix, valid.MATRIX),
    "counts.csv": (matrix, valid.MATRIX.replace(b"\t", b",")),
    "series_matrix.txt": (matrix, valid.SERIES),
    "samples.tsv": (sheet, valid.SHEET),
    "sets.gmt": (read_gmt, valid.GMT),
    "genes.tsv": (read_genes, valid.GENES),
    "sex_genes.tsv": (read_sex_genes, valid.SEX_GENES),
    "GPL571.annot": (read_annotation, valid.PROBES),
    "probes.tsv": (read_annotation, b"probe\tsymbol\n1_at\tBAX\n2_at\tA /// B\n"),
    "config.yaml": (read_config, valid.CONFIG),
    "table.tsv": (result_table, TABLE),
    "values.json": (read_json, valid.JSON),
}


@pytest.mark.parametrize("name", READERS)
def test_the_sound_file_is_read(name: str, folder: Path) -> None:
    reader, content = READERS[name]
    (folder / name).write_bytes(content)
    assert reader(str(folder / name)) is not None


@pytest.mark.parametrize("name", READERS)
def test_a_damaged_file_is_read_or_refused(name: str, folder: Path) -> None:
    reader, content = READERS[name]

    @settings(settings.get_profile("fuzz"))
    @given(damaged(content))
    def attempt(bad: bytes) -> None:
        (folder / name).write_bytes(bad)
        survives(reader, str(folder / name))

    with bounded_memory():
        attempt()


WORDS = ["S1", "P1", "a", "1", "2.5", "-1", "NA", "", " ", "=1+1", "é", "inf", "1-Mar", "gene_name", "x" * 300]
cells = st.sampled_from(WORDS)


@pytest.mark.parametrize("name", READERS)
def test_structured_garbage_is_read_or_refused(name: str, folder: Path) -> None:
    reader, content = READERS[name]
    head = st.sampled_from([b"", content.split(b"\n")[0] + b"\n", b"\n".join(content.split(b"\n")[:3]) + b"\n"])
    rows = st.lists(st.lists(cells, max_size=12), max_size=8)

    @settings(settings.get_profile("fuzz"))
    @given(head, rows, st.sampled_from("\t,; "))
    def attempt(start: bytes, grid: list[list[str]], separator: str) -> None:
        (folder / name).write_bytes(start + valid.table(grid, separator))
        survives(reader, str(folder / name))

    with bounded_memory():
        attempt()
