"""Every wrong input is refused with its exact message, exit code 2, and nothing written or lost."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from bad_input_cases import CASES
from bad_input_cases.case import WRITE
from bad_input_cases.good import good_study

from dermshift.cli import main

MESSAGES = Path(__file__).parent / "messages"
PAIRS = [(case, verb) for case in CASES for verb in case.verbs]


def snapshot(folder: Path) -> dict[str, str]:
    """Return every name under a folder with its content; of a file too large to read its size."""
    found = {}
    for path in sorted(folder.rglob("*")):
        plain = path.is_file() and not path.is_symlink()
        small = plain and path.stat().st_size < 10**9
        content = hashlib.sha256(path.read_bytes()).hexdigest() if small else str(path.lstat().st_size)
        found[path.relative_to(folder).as_posix()] = content
    return found


def expected(name: str, verb: str) -> Path:
    """Return the file of the message: one for both commands unless they differ."""
    own = MESSAGES / f"{name}.{verb}.txt"
    return own if own.is_file() else MESSAGES / f"{name}.txt"


@pytest.fixture
def run(monkeypatch, capsys):
    def run(words: list[str]) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["dermshift", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), capsys.readouterr().err

    return run


def remember(name: str, verb: str, said: str) -> None:
    """Write the message, for a person to read before it is committed."""
    path = MESSAGES / f"{name}.txt"
    if verb == "load" and path.is_file() and path.read_text() != said:
        path = MESSAGES / f"{name}.load.txt"
    path.write_text(said)


@pytest.mark.parametrize(("case", "verb"), PAIRS, ids=[f"{case.name}-{verb}" for case, verb in PAIRS])
def test_it_is_refused_with_its_message_and_nothing_is_written(case, verb, tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)
    study = case.study()
    study.write(tmp_path)
    before = snapshot(tmp_path)
    code, said = run(["check", "config.yaml"] if verb == "check" else study.load_words())
    if WRITE:
        remember(case.name, verb, said)
    assert said == expected(case.name, verb).read_text()
    assert code == 2
    assert "Traceback" not in said
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("verb", ["check", "load"])
def test_the_good_study_passes(verb, tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)
    study = good_study()
    study.write(tmp_path)
    assert run(["check", "config.yaml"] if verb == "check" else study.load_words()) == (0, "")


@pytest.mark.parametrize("name", ["truncated_gzip", "unpaired", "python_tag"])
def test_the_exit_code_is_real(name, tmp_path):
    case = next(case for case in CASES if case.name == name)
    case.study().write(tmp_path)
    before = snapshot(tmp_path)
    words = [sys.executable, "-m", "dermshift", "check", "config.yaml"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert done.stderr == expected(name, "check").read_text()
    assert snapshot(tmp_path) == before


def test_every_message_belongs_to_a_case_and_has_four_parts():
    names = {case.name for case in CASES}
    assert len(names) == len(CASES)
    for path in MESSAGES.iterdir():
        assert path.name.split(".")[0] in names
        said = path.read_text()
        assert said.count("\n  found:    ") == said.count("\n  expected: ") == said.count("\n  do:       ") > 0
