"""What steps find done: the fits and rankings that are tried in advance run, and a table named in advance is read."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from dermshift import io, loaded, warm
from dermshift.io import gene_files
from dermshift.names import DE_COLUMNS
from dermshift.workflow.start import GENES, Loaded

TABLE = "gene_symbol\tensembl_id\tprevious_symbols\taliases\nLCN2\tENSG00000148346\t\tNGAL\n"


@pytest.mark.parametrize("work", [*loaded.FIRST, *loaded.WARM])
def test_what_is_done_in_advance_can_be_done(work):
    work()


def test_a_table_read_in_advance_is_not_read_again(tmp_path, monkeypatch):
    table = tmp_path / "genes.tsv"
    table.write_text(TABLE)
    warm.known_genes(str(table))()
    monkeypatch.setattr(gene_files, "_grid", None)
    assert gene_files.read_genes(table).approved("NGAL")[0].symbol == "LCN2"
    table.write_text(TABLE + "\n")
    with pytest.raises(TypeError):  # changed: read again
        gene_files.read_genes(table)


SERVE = """
import sys, dermshift.loaded as loaded
loaded.FIRST = loaded.LOADED = loaded.WARM = ()
read = loaded.warm.known_genes
def reading(path):
    def work():
        print(path, flush=True)
        read(path)()
    return work
loaded.READING["genes"] = reading
loaded.serve(sys.argv[1])
"""


def test_tables_that_are_named_are_read_in_advance_and_one_that_is_missing_ends_nothing(tmp_path):
    (tmp_path / "genes.tsv").write_text(TABLE)
    command = [sys.executable, "-c", SERVE, str(tmp_path / "steps")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=tmp_path, text=True) as server:
        server.stdin.write("genes\tnone.tsv\ngenes\tgenes.tsv\n")
        server.stdin.flush()
        assert [server.stdout.readline(), server.stdout.readline()] == ["none.tsv\n", "genes.tsv\n"]
        server.stdin.close()
        assert server.wait(timeout=20) == 0


def test_naming_tables_to_a_process_that_ended_is_no_error():
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb", buffering=0) as words:
        Loaded({}, words).expect(GENES, ["genes.tsv"])


def test_of_what_a_step_made_a_study_is_read_in_advance(tmp_path):
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb", buffering=0) as words:
        Loaded({}, words).made([tmp_path / "checks.json", tmp_path / "study.h5ad"])
    with os.fdopen(reader) as heard:
        assert heard.read() == f"study\t{tmp_path / 'study.h5ad'}\n"


def test_of_what_a_step_made_the_tables_of_a_fit_are_read_in_advance(tmp_path):
    fit, tables = tmp_path / "fits" / "f.json", [tmp_path / "tables" / f"{name}.tsv" for name in ("a", "a.sets")]
    for files, expected in (([fit, tables[0]], [tables[0]]), ([tables[1], tmp_path / "checks.json"], [])):
        reader, writer = os.pipe()
        with os.fdopen(writer, "wb", buffering=0) as words:
            Loaded({}, words).made(iter(files))
        with os.fdopen(reader) as heard:
            assert heard.read() == "".join(f"table\t{path}\n" for path in expected)


def test_a_table_that_is_named_is_read_and_held(monkeypatch):
    held = []
    monkeypatch.setattr(io, "hold_table", lambda *table: held.append(table))
    loaded.READING["table"]("a.tsv")()
    assert held == [("a.tsv", DE_COLUMNS)]


def test_a_study_that_is_named_is_read_and_held(monkeypatch):
    held = []
    monkeypatch.setattr(io, "hold_study", held.append)
    loaded.READING["study"]("study.h5ad")()
    assert held == ["study.h5ad"]
