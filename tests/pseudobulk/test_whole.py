"""From an atlas to a study that is checked, from the command line, in little memory, and spread over parts."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from dermshift.cli.app import app
from dermshift.io.progress import shown
from dermshift.pseudobulk.draft import order_timepoints
from dermshift.pseudobulk.safe import safe_name, safe_names

MAKE = """
import sys
sys.path.insert(0, sys.argv[1])
import pseudobulk_make as made
made.MEAN_GENES = 60
made.make(sys.argv[2], int(sys.argv[3]), 500, plain=True)
"""
SUM = """
import resource, sys
from dermshift.pseudobulk.asked import Asked
from dermshift.pseudobulk.make import make_part
part = make_part(sys.argv[1], Asked("patient", "timepoint", "cell_type", "sex"))
print(int(part.sums.sum()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
WORDS = ["--patient", "donor", "--timepoint", "visit", "--cell-type", "type", "--sex", "sex", "--min-cells", "5"]


@pytest.fixture
def here(tmp, monkeypatch):
    monkeypatch.chdir(tmp)
    return tmp


def run(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception:
        raise result.exception
    return result.stdout


def test_the_draft_is_a_study(writers, here):
    adata = writers.atlas(cells=2000, genes=60, density=2.0)
    writers.written(adata, "a.h5ad")
    said = run("pseudobulk", "a.h5ad", *WORDS, "--out", "bulk")
    assert "counts: X: raw counts, taken" in said
    assert "next: look at its timepoints, then: dermshift check bulk/config.yaml" in said
    checked = run("check", "bulk/config.yaml")
    assert "questions can be answered" in checked
    assert "response" in checked


def test_an_edited_configuration_is_kept(made, writers, here):
    writers.written(made, "a.h5ad")
    run("pseudobulk", "a.h5ad", *WORDS, "--out", "bulk")
    Path("bulk/config.yaml").write_text("mine")
    assert "kept as it is" in run("pseudobulk", "a.h5ad", *WORDS, "--out", "bulk")
    assert Path("bulk/config.yaml").read_text() == "mine"


def test_the_workflow_gives_the_same_bytes(made, writers, here, root):
    writers.written(made, "a b.h5ad")
    run("pseudobulk", "a b.h5ad", *WORDS, "--out", "once")
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(root / "workflows" / "pseudobulk.smk")]
    settings = ["atlas=a b.h5ad", "out=parts of it", "parts=3", f"flags={' '.join(WORDS)}"]
    command += ["--cores", "2", "--quiet", "all", "--config", *settings]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=here)
    assert done.returncode == 0, done.stderr
    for name in ("counts.tsv.gz", "samples.tsv", "dropped.tsv", "pseudobulk.json"):
        assert (here / "once" / name).read_bytes() == (here / "parts of it" / name).read_bytes()


def test_memory_does_not_grow_with_the_cells(root, tmp):
    """Fifteen times the cells, the same peak: what grows is some bytes per cell, and 27 MB of labels would show."""
    peaks = []
    for cells in (20_000, 300_000):
        path = str(tmp / f"{cells}.h5ad")
        subprocess.run([sys.executable, "-c", MAKE, str(root / "benchmarks"), path, str(cells)], check=True)
        for _ in range(2):  # the first call compiles
            command = [sys.executable, "-c", SUM, path]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        assert int(said[0]) > 50 * cells
        peaks.append(int(said[1]))
    assert peaks[1] < 1.15 * peaks[0]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("CD4+ T cell", "CD4pos_T_cell"),
        ("CD8+/CD3+", "CD8pos_CD3pos"),
        ("Keratinocyte", "Keratinocyte"),
        ("Zellen (natürlich)", "Zellen_naturlich"),
        ("../etc/passwd", "etc_passwd"),
        ("=HYPERLINK(1)", "HYPERLINK_1"),
        ("γδ", ""),
    ],
)
def test_names_of_cell_types(label, name):
    assert safe_name(label) == name


def test_a_type_without_a_letter_is_refused():
    _, problems = safe_names(["???", "B cell"], "here")
    assert [problem.found for problem in problems] == ["'???'"]


@pytest.mark.parametrize(
    ("labels", "order", "sure"),
    [
        (["week1", "baseline"], ["baseline", "week1"], True),
        (["w10", "w2", "w0"], ["w0", "w2", "w10"], True),
        (["post", "pre"], ["pre", "post"], True),
        (["b", "a"], ["a", "b"], False),
    ],
)
def test_timepoints_in_order(labels, order, sure):
    assert order_timepoints(labels) == (order, sure)


def test_no_bar_without_a_terminal():
    stream = io.StringIO()
    with shown(10, "title", stream) as advance:
        advance(10)
    assert stream.getvalue() == ""


def test_a_bar_on_a_terminal(monkeypatch):
    monkeypatch.setattr("dermshift.io.progress.PATIENCE", 0)
    stream = io.StringIO()
    stream.isatty = lambda: True
    with shown(10, "adding X", stream) as advance:
        advance(10)
    assert "adding X" in stream.getvalue()


def test_sums_are_exact_beyond_what_decimals_hold():
    from dermshift.errors import FormatError
    from dermshift.pseudobulk.part import Part, need_exact

    part = Part({}, ((1,), 1), np.array([[2**53]]), np.empty((0, 3), dtype=np.int64), ("G",), None)
    with pytest.raises(FormatError, match="sums below 2"):
        need_exact(part)
