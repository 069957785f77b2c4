"""Container and conda environment hold what the project's own files say, and no more rights than a run needs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

BAD = "FROM python\nRUN cd /tmp && pip install dermshift\n"


def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text())["project"]


def lint(path):
    beside = Path(sys.executable).with_name("hadolint")
    linter = beside if beside.exists() else shutil.which("hadolint")
    if not linter:
        pytest.skip("hadolint is not installed; the extra dev brings it on Linux x86_64")
    return subprocess.run([linter, "--no-color", path], capture_output=True, text=True, check=False, timeout=60)


def test_the_containerfile_passes_the_linter(root):
    done = lint(root / "Containerfile")
    assert (done.returncode, done.stdout) == (0, "")


def test_the_linter_sees_a_bad_one(tmp_path):
    (tmp_path / "Containerfile").write_text(BAD)
    assert {"DL3003", "DL3006", "DL3013"} <= set(re.findall(r"DL\d+", lint(tmp_path / "Containerfile").stdout))


def steps(root):
    """Instructions of the last stage, in order, continued lines joined."""
    text = (root / "Containerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    last = max(number for number, line in enumerate(lines) if line.startswith("FROM"))
    return [line.split(maxsplit=1) for line in lines[last:]]


def test_the_container_is_pinned_without_root_and_runs_the_example(root):
    last = steps(root)
    words = [word for word, _ in last]
    installed = next(text for word, text in last if word == "RUN" and "pip install" in text)
    assert re.search(r"--constraint \S+/constraints.txt", installed)
    after = last[words.index("USER") :]
    assert any("dermshift run config/config.yaml" in text and "dermshift verify" in text for _, text in after)
    assert words.count("USER") == 1
    assert ["ENTRYPOINT", '["dermshift"]'] in after


def test_the_container_copies_what_the_wheel_is_made_of(root):
    copied = set(re.findall(r"^COPY (?!--)(.+) \S+$", (root / "Containerfile").read_text(), re.MULTILINE))
    names = {name for text in copied for name in text.split()}
    assert names == {"pyproject.toml", "README.md", "LICENSE", "src", "workflows", "config", "data", "constraints.txt"}
    sent = {line[1:] for line in (root / ".containerignore").read_text().splitlines() if line.startswith("!")}
    assert sent == names


def test_conda_takes_python_and_packages_as_the_project_says(root):
    wanted = yaml.safe_load((root / "environment.yml").read_text())
    plain = [text for text in wanted["dependencies"] if isinstance(text, str)]
    pip = next(text["pip"] for text in wanted["dependencies"] if isinstance(text, dict))
    assert plain == [f"python {project(root)['requires-python']}", "pip"]
    assert pip == ["--constraint constraints.txt", "."]


def test_the_container_has_a_python_the_project_allows(root):
    versions = re.findall(r"^FROM python:(\d+)\.(\d+)-", (root / "Containerfile").read_text(), re.MULTILINE)
    floor = tuple(int(part) for part in project(root)["requires-python"].removeprefix(">=").split("."))
    assert len(versions) == 2
    assert all(tuple(map(int, version)) >= floor for version in versions)
