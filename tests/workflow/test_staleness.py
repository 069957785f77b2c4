"""What each edit re-runs: exactly what depends on it."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from dermshift.workflow.fingerprint import PACKAGE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

LOAD, TEST, SETS, JUDGE = "load and check the study", "test response", "test gene sets in response", "judge response"
LIST, DOSSIER = "list the gene sets", "put the dossiers together"
PLOT, REPORT, BUNDLE = "draw the figures", "write the report", "pack the bundle"
BOOK = "write the workbook"
PAGES = {PLOT, REPORT, BUNDLE}
OF_SETS = {SETS, JUDGE, LIST, DOSSIER, BOOK, *PAGES}
OF_FITS = {TEST, *OF_SETS}
ALL = {LOAD, *OF_FITS}

CODE = "src/dermshift"
Edit = "Callable[[Path], None]"


def replace(name: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def configured(text: str) -> Edit:
    return replace("study/config.yaml", "genes: {mediator", f"{text}\ngenes: {{mediator")


def coded(name: str, text: str = "EXTRA = 1") -> Edit:
    def edit(folder: Path) -> None:
        with (folder / CODE / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")

    return edit


def dated(name: str, seconds: int, edit: Edit | None = None) -> Edit:
    """Edit a file, if an edit is given, and set its date so many seconds from what it was."""

    def change(folder: Path) -> None:
        date = (folder / name).stat().st_mtime
        if edit:
            edit(folder)
        os.utime(folder / name, (date + seconds, date + seconds))

    return change


def one_count(folder: Path) -> None:
    path = folder / "study" / "data" / "counts.tsv.gz"
    head, first, rest = gzip.decompress(path.read_bytes()).split(b"\n", 2)
    cells = first.split(b"\t")
    changed = b"\t".join([*cells[:-1], str(int(cells[-1]) + 1).encode()])
    path.write_bytes(gzip.compress(b"\n".join([head, changed, rest])))


SHEET, GMT = "study/data/samples.tsv", "study/sets/apoptosis.gmt"
one_level = replace(SHEET, "synthetic\n", "made_up\n")
EDITS = {
    "a comment in the configuration": (configured("# nothing"), set()),
    "a threshold": (configured("analysis: {alpha: 0.1}"), OF_SETS),
    "the filter of the fit": (configured("analysis: {min_count: 20}"), OF_FITS),
    "the number of permutations": (configured("analysis: {permutations: 200}"), {SETS, LIST, BOOK, *PAGES}),
    "the size of a gene set": (configured("enrichment: {min_size: 6}"), {SETS, LIST, BOOK, *PAGES}),
    "how many genes are judged": (replace("study/config.yaml", "top: 2", "top: 3"), {JUDGE, DOSSIER, *PAGES}),
    "a gene that is named": (replace("study/config.yaml", "LCN2}", "LCN2, marker: GDF15}"), OF_FITS),
    "a gene of a set": (replace(GMT, "\tCASP3", ""), OF_SETS),
    "the date of a sheet alone": (dated(SHEET, 3600), set()),
    "a byte of the sheet": (one_level, ALL),
    "a byte of the sheet, with an old date": (dated(SHEET, -86400, one_level), ALL),
    "one count": (one_count, ALL),
    "a comment in the code": (coded("engines/deseq2/wald.py", "# a comment"), set()),
    "an engine": (coded("engines/deseq2/wald.py"), OF_FITS),
    "a reader": (coded("io/text_matrix.py"), ALL),
    "an enrichment method": (coded("enrich/rotation.py"), {SETS, LIST, BOOK, *PAGES}),
    "a piece of evidence": (coded("evidence/power.py"), {JUDGE, DOSSIER, *PAGES}),
    "a figure": (coded("figures/volcano.py"), PAGES),
    "the page": (
        replace("src/dermshift/report/template.html", "<h2>Summary</h2>", "<h2>In short</h2>"),
        {REPORT, BUNDLE},
    ),
    "the workbook": (coded("report/workbook_sheets.py"), {REPORT, BOOK, BUNDLE}),
    "how steps are started": (coded("workflow/runner.py"), set()),
}


@pytest.fixture
def place(whole: Path, tmp_path: Path) -> Path:
    """A folder with a finished study and, beside it, code and workflow of its own."""
    shutil.copytree(whole, tmp_path / "study")
    shutil.copytree(
        PACKAGE, tmp_path / "src" / "dermshift", symlinks=True, ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(PACKAGE.parents[1] / "workflows", tmp_path / "workflows")
    return tmp_path


def steps(place: Path) -> set[str]:
    """Return what would run now, with the code in that folder."""
    done = subprocess.run(
        [sys.executable, "-m", "dermshift", "run", "config.yaml", "--dry-run"],
        cwd=place / "study",
        env={**os.environ, "PYTHONPATH": str(place / "src")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.strip() for line in done.stdout.splitlines() if line.endswith(" ...")]
    return {line.removeprefix("tiny: ").removesuffix(" ...") for line in lines}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_re_runs_what_depends_on_it(place: Path, name: str) -> None:
    edit, expected = EDITS[name]
    edit(place)
    assert steps(place) == expected
