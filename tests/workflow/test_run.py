from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from typing import TYPE_CHECKING

import pytest

from dermshift import io
from dermshift.names import DE_COLUMNS
from dermshift.report.manifest import evidence_files, output_files
from dermshift.report.words import FORBIDDEN, decimal, probability

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

QUESTIONS = ["response", "response_sex_female", "response_sex_male", "difference_sex_male_vs_female"]


def results(folder: Path) -> Path:
    return folder / "results" / "small"


def would_run(dermshift, folder: Path, change: tuple[str, str]) -> list[str]:
    """Change the config and return the titles of the steps that would run."""
    text = (folder / "config.yaml").read_text()
    assert change[0] in text
    (folder / "config.yaml").write_text(text.replace(*change))
    done = dermshift(folder, "run", "config.yaml", "--dry-run")
    assert done.returncode == 0, done.stderr
    lines = [line.strip() for line in done.stdout.splitlines() if line.endswith(" ...")]
    return [line.removeprefix("small: ").removesuffix(" ...") for line in lines]


def test_a_run_leaves_the_documented_tree(finished, state):
    cards = io.read_json(results(finished) / "designs.json")
    assert [card["id"] for card in cards] == QUESTIONS
    figures = io.read_json(results(finished) / "figures" / "index.json")
    assert len(figures) >= 10
    dossiers = io.read_json(results(finished) / "dossier" / "index.json")
    assert dossiers == ["LCN2"]
    evidence = evidence_files(QUESTIONS, dossiers)
    expected = output_files(QUESTIONS, [card["fit_id"] for card in cards], figures, evidence)
    extra = {"manifest.json", "ro-crate-metadata.json", "bundle.zip", "identifiers.tsv"}
    assert set(state(finished)) == {*expected, *extra}


def test_a_second_run_does_nothing(finished, state, dermshift):
    before = state(finished)
    done = dermshift(finished, "run", "config.yaml")
    assert done.returncode == 0
    assert "nothing to be done" in done.stdout
    assert state(finished) == before


def test_a_comment_in_the_config_re_runs_nothing(copy, dermshift):
    assert would_run(dermshift, copy, ("questions:", "# a comment\nquestions:")) == []


def test_another_alpha_leaves_the_fits_alone(copy, dermshift):
    change = ("genes: {mediator", "analysis: {alpha: 0.1}\ngenes: {mediator")
    steps = would_run(dermshift, copy, change)
    assert not [step for step in steps if step.startswith("test response")]
    assert [step for step in steps if step.startswith("test gene sets in response")]
    assert sum(step.startswith("judge response") for step in steps) == 2
    assert sorted(steps[-4:-1]) == ["draw the figures", "write the report", "write the workbook"]
    assert steps[-1] == "pack the bundle"


def test_another_filter_keeps_the_loaded_study(copy, dermshift):
    steps = would_run(dermshift, copy, ("genes: {mediator", "analysis: {min_count: 20}\ngenes: {mediator"))
    assert "load and check the study" not in steps
    assert sum(step.startswith("test response") for step in steps) == 2


def test_a_deleted_table_is_made_again(copy, dermshift):
    (results(copy) / "tables" / "response.tsv").unlink()
    assert would_run(dermshift, copy, ("study:", "study:"))[0] == "test response"


def test_a_changed_sheet_re_runs_from_the_start(copy, dermshift, inputs):
    sheet = copy / inputs["sheet"]
    sheet.write_text(sheet.read_text().replace("synthetic\n", "made_up\n", 1))
    assert would_run(dermshift, copy, ("study:", "study:"))[0] == "load and check the study"


def test_equal_inputs_give_equal_bytes(copy, dermshift):
    def digests() -> dict[str, str]:
        files = sorted(path for path in results(copy).rglob("*") if path.is_file() and path.parent.name != "logs")
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = digests()
    (results(copy) / "study.h5ad").unlink()
    done = dermshift(copy, "run", "config.yaml", "--cores", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "load and check the study" in done.stdout
    assert digests() == before


def test_no_path_of_the_user_is_run_by_a_shell(finished, inputs):
    assert all((finished / path).exists() for path in inputs.values())
    assert not list(finished.rglob("pwned"))


def test_the_manifest_and_the_bundle_hold_every_file(finished, dermshift, inputs):
    manifest = io.read_json(results(finished) / "manifest.json")
    for name, facts in manifest["files"].items():
        assert hashlib.sha256((results(finished) / name).read_bytes()).hexdigest() == facts["sha256"]
    roles = {item["path"] for item in manifest["inputs"]}
    assert {inputs["matrix"], inputs["sheet"], f"{inputs['sets']}/apoptosis.gmt"} <= roles
    with zipfile.ZipFile(results(finished) / "bundle.zip") as packed:
        assert {name.removeprefix("small/") for name in packed.namelist()} == {
            *manifest["files"],
            "manifest.json",
            "ro-crate-metadata.json",
        }
    assert str(finished) not in json.dumps(manifest)
    assert dermshift(finished, "verify", "results/small/bundle.zip").returncode == 0


def test_the_report_shows_the_numbers_of_the_tables(finished):
    html = (results(finished) / "report.html").read_text()
    assert len(html) < 15_000_000
    html = html.replace('<td class="n">', "<td>")
    for question in QUESTIONS:
        table = io.read_table(results(finished) / "tables" / f"{question}.tsv", DE_COLUMNS)
        first = table[table["rank"] == 1].iloc[0]
        change = [decimal(first[name]) for name in ("log2_fold_change", "ci_lower", "ci_upper")]
        cells = ["1", first["gene_symbol"], first["gene_id"], change[0], f"{change[1]} to {change[2]}"]
        row = "".join(f"<td>{cell}</td>" for cell in cells)
        assert row in html
        lcn2 = table[table["gene_symbol"] == "LCN2"].iloc[0]
        assert lcn2["flag"] == "mediator"
        assert f'<td><a href="#{question}">' in html
        assert f"<td>{probability(lcn2['p_value'])}</td>" in html


def test_the_texts_claim_no_more_than_a_change(finished):
    html = re.sub(r'src="data:[^"]*"', "", (results(finished) / "report.html").read_text())
    text = html + (results(finished) / "methods.md").read_text()
    assert [pattern for pattern in FORBIDDEN if re.search(pattern, text, re.IGNORECASE)] == []
    assert "Synthetic data" in html


def test_a_killed_run_leaves_no_half_file_and_the_next_one_goes_on(copy, dermshift):
    text = (copy / "config.yaml").read_text()
    (copy / "config.yaml").write_text(text.replace("genes: {mediator", "analysis: {min_count: 30}\ngenes: {mediator"))
    command = [sys.executable, "-m", "dermshift", "run", "config.yaml", "--cores", "2"]
    child = subprocess.Popen(command, cwd=copy, stdout=subprocess.PIPE, text=True, start_new_session=True)
    for line in child.stdout:
        if line.strip().startswith("1/"):
            break
    time.sleep(1)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    for path in (results(copy) / "tables").glob("response*.tsv"):
        if path.name.count(".") == 1:
            assert len(io.read_table(path, DE_COLUMNS)) == 350
    for path in results(copy).rglob("*.json"):
        io.read_json(path)
    done = dermshift(copy, "run", "config.yaml", "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "steps would run" in done.stdout


def test_a_failing_step_shows_its_message_and_exits_2(copy, dermshift):
    # Damage that only the step itself can see: the table of an earlier stage, and no seal that tells of it before.
    (copy / "results" / ".dermshift" / "small.seals.json").unlink()
    (results(copy) / "tables" / "response.tsv").write_text("gene_id\nG1\n")
    (results(copy) / "tables" / "configured_genes.tsv").unlink()
    done = dermshift(copy, "run", "config.yaml", "--cores", "1")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "FAIL  small: test gene sets in response" in done.stdout
    assert all(part in done.stderr for part in ("found:", "expected:", "do:"))
    assert "Traceback" not in done.stderr


def test_two_runs_of_one_study_do_not_meet(copy, dermshift):
    with (copy / "results" / ".dermshift" / "small.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = dermshift(copy, "run", "config.yaml")
    assert done.returncode == 2
    assert "another run of this study" in done.stderr
