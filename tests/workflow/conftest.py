"""One whole run of a small synthetic study, shared by the tests of this folder."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dermshift.simulate import Settings, simulate, write_example

DATA = Path(__file__).resolve().parents[2] / "data"

MATRIX = "data/counts;$(touch pwned) &'.tsv.gz"
SHEET = 'data/`touch pwned` "samples" | touch pwned #.tsv'
SETS = "data/sets' && touch pwned; $HOME *"
"""Names a shell would act upon, had a line of the workflow not quoted them."""

CONFIG = """
study:
  name: small
  matrix: {matrix}
  samples: {sheet}
  synthetic: true
  columns: {{patient: patient, timepoint: timepoint, sex: sex, compartment: compartment}}
  timepoints: {{before: baseline, after: week1}}
questions: [response, {{by: sex}}]
genes: {{mediator: NGAL}}
gene_sets: {sets}
declared: [apoptosis]
evidence:
  top: 5
  scores: [SEBACEOUS_GLAND, EPIDERMIS_SUPRABASAL]
  adjust_for: SEBACEOUS_GLAND
  receptors: [NGAL_RECEPTORS]
  sources: [NGAL_SOURCE_NEUTROPHIL]
  association: APOPTOSIS_ALL
  anchors: '{data}/anchors.tsv'
annotation: {{genes: '{data}/genes.tsv', sex_genes: '{data}/sex_genes.tsv'}}
"""


def launch(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder`; a hanging one fails the test."""
    return subprocess.run(
        [sys.executable, "-m", "dermshift", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )


@pytest.fixture(scope="session")
def dermshift():
    """Function from a folder and words to the finished command."""
    return launch


@pytest.fixture(scope="session")
def inputs() -> dict[str, str]:
    """Paths of the user's files by what they are, hostile to a shell; `sets` is a folder."""
    return {"matrix": MATRIX, "sheet": SHEET, "sets": SETS}


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Path:
    """Folder with a finished run of ``config.yaml``; leave it as it is."""
    folder = tmp_path_factory.mktemp("finished")
    settings = Settings(seed=3, genes=350, females=4, males=3, compartments=("epidermis", "dermis"), data=DATA)
    write_example(simulate(settings), folder / "data")
    (folder / "data" / "counts.tsv.gz").rename(folder / MATRIX)
    (folder / "data" / "samples.tsv").rename(folder / SHEET)
    sets = [f"{SETS}/{name}.gmt" for name in ("apoptosis", "compartments", "ngal_axis")]
    (folder / SETS).mkdir()
    for path in sets:
        shutil.copy(DATA / "gene_sets" / Path(path).name, folder / path)
    quoted = {"matrix": json.dumps(MATRIX), "sheet": json.dumps(SHEET), "sets": json.dumps(sets)}
    (folder / "config.yaml").write_text(CONFIG.format(data=DATA, **quoted))
    done = launch(folder, "run", "config.yaml", "--cores", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


TINY = """
study:
  name: tiny
  matrix: data/counts.tsv.gz
  samples: data/samples.tsv
  synthetic: true
  columns: {{patient: patient, timepoint: timepoint, sex: sex}}
  timepoints: {{before: baseline, after: week1}}
questions: [response]
genes: {{mediator: LCN2}}
gene_sets: [sets/apoptosis.gmt]
declared: [apoptosis]
evidence: {{top: 2, association: APOPTOSIS_ALL}}
figures: {{families: [sampling, volcano, slopes]}}
annotation: {{genes: '{data}/genes.tsv', sex_genes: '{data}/sex_genes.tsv'}}
"""


@pytest.fixture(scope="session")
def tiny():
    """Function that writes the smallest study there is into a new folder and returns it."""

    def write(folder: Path) -> Path:
        settings = Settings(seed=5, genes=300, females=4, males=3, compartments=("dermis",), data=DATA)
        write_example(simulate(settings), folder / "data")
        (folder / "sets").mkdir()
        shutil.copy(DATA / "gene_sets" / "apoptosis.gmt", folder / "sets")
        (folder / "config.yaml").write_text(TINY.format(data=DATA))
        return folder

    return write


@pytest.fixture(scope="session")
def whole(tiny, once) -> Path:
    """Folder with an undisturbed run of the smallest study; leave it as it is."""

    def fill(folder: Path) -> None:
        done = launch(tiny(folder), "run", "config.yaml", "--cores", "2")
        assert done.returncode == 0, done.stdout + done.stderr

    return once("tiny", fill)


@pytest.fixture
def copy(finished, tmp_path) -> Path:
    """Copy of the finished run, with dates, that a test may change."""
    folder = tmp_path / "copy"
    shutil.copytree(finished, folder)
    return folder


@pytest.fixture
def state():
    """Function from a folder to date and size of every file of the study."""

    def read(folder: Path) -> dict[str, tuple[int, int]]:
        results = folder / "results" / "small"
        files = (path for path in results.rglob("*") if path.is_file() and path.parent.name != "logs")
        return {path.relative_to(results).as_posix(): (path.stat().st_mtime_ns, path.stat().st_size) for path in files}

    return read
