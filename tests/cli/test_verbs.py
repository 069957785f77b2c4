from __future__ import annotations

import subprocess
import sys
import time

import pytest

from dermshift.cli.options import ask_text, parse_ask
from dermshift.design import Ask
from dermshift.errors import ConfigError


def test_help_is_quick_and_loads_nothing_heavy():
    code = "import sys, dermshift.cli.app; print([m for m in ('pandas', 'numpy', 'anndata') if m in sys.modules])"
    subprocess.run([sys.executable, "-c", code], check=True)  # bytecode
    start = time.perf_counter()
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert loaded.strip() == "[]"
    assert time.perf_counter() - start < 5  # generous: a busy machine is no failure


def test_check_prints_findings_and_questions_and_writes_nothing(trial, command):
    config = trial.write()
    before = trial.files()
    code, out, err = command("check", config)
    assert (code, err) == (0, "")
    assert "1 question can be answered" in out
    assert "response: 4 patients, 3 residual df" in out
    assert trial.files() == before


@pytest.mark.parametrize(
    "ask", [Ask(), Ask("sex"), Ask("sex", "compartment"), Ask(slope="dose"), Ask(within="compartment", slope="dose")]
)
def test_questions_survive_the_command_line(ask):
    assert parse_ask(ask_text(ask)) == ask


@pytest.mark.parametrize("text", ["", "sex", "by=", "within=compartment", "by=sex,for=x"])
def test_unreadable_questions_are_refused(text):
    with pytest.raises(ConfigError):
        parse_ask(text)


@pytest.mark.parametrize("topic", ["readers", "engines", "enrichment", "checks", "columns"])
def test_show_lists_what_there_is(command, topic):
    code, out, _ = command("show", topic)
    assert code == 0
    assert len(out.splitlines()) >= 4


def test_show_questions(trial, command):
    trial.config["columns"] = "{patient: patient, timepoint: timepoint, sex: sex}"
    trial.sheet += [
        [f"P{n}_{t}", f"P{n}", t, "female" if n < 7 else "male"] for n in (5, 6, 7, 8) for t in ("before", "after")
    ]
    trial.matrix[0] += [row[0] for row in trial.sheet[9:]]
    for number, row in enumerate(trial.matrix[1:]):
        row += [str(150 + (number * 7 + place * 13) % 97) for place in range(8)]
    trial.config["top.questions"] = "[{by: sex}]"
    code, out, err = command("show", "questions", trial.write())
    assert code == 0, err
    assert "difference_sex_male_vs_female: male minus female; 8 patients, 6 residual df" in out


def test_a_fault_of_ours_is_one_line_and_exit_1(command, monkeypatch, trial):
    def broken(path):
        raise RuntimeError("broken")

    monkeypatch.setattr("dermshift.config.read_config", broken)
    monkeypatch.delenv("DERMSHIFT_DEBUG", raising=False)
    code, _, err = command("check", trial.write())
    assert code == 1
    assert "a fault of ours" in err
    assert "Traceback" not in err


def test_stages_by_hand(trial, command):
    trial.write()
    flags = ["--name=trial", "--matrix=counts.tsv", "--samples=samples.tsv", "--before=before", "--after=after"]
    flags += ["--scale=counts", "--column=patient=patient", "--column=timepoint=timepoint", "--ask=response"]
    code, _, err = command("load", "--out=results/trial", *flags)
    assert code == 0, err
    assert {"results/trial/checks.json", "results/trial/designs.json", "results/trial/study.h5ad"} <= trial.files()


def test_load_removes_what_an_earlier_run_asked(tmp_path):
    from dermshift.cli.load import drop_stale

    kept = [
        "tables/response.tsv",
        "tables/response.sets.tsv",
        "tables/response.configured_sets.tsv",
        "tables/configured_genes.tsv",
        "tables/set_symbols.tsv",
        "tables/set_overlaps.tsv",
        "fits/response.json",
        "evidence/response.refits.tsv",
        "evidence/differences.tsv",
        "notes.txt",
    ]
    for name in [
        *kept,
        "tables/response_sex_male.tsv",
        "tables/response_sex_male.running.tsv",
        "tables/response_sex_male.configured_sets.tsv",
        "fits/sex.json",
        "evidence/response_sex_male.json",
    ]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    drop_stale(tmp_path, [{"id": "response", "fit_id": "response"}])
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()} == set(kept)


def test_load_refuses_a_flag_without_a_value(trial, command):
    trial.write()
    flags = ["--name=trial", "--matrix=counts.tsv", "--samples=samples.tsv", "--before=before", "--after=after"]
    code, _, err = command("load", "--out=results/trial", *flags, "--column=patient", "--ask=response")
    assert code == 2
    assert "KEY=VALUE" in err
