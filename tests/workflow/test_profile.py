from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dermshift.errors import ConfigError
from dermshift.workflow import runner

NAMES = ("local", "slurm")


def shipped(name: str) -> dict:
    return yaml.safe_load((runner.profile_folder(name) / "config.yaml").read_text())


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_goes_by_its_name(root, name):
    assert runner.profile_folder(name) == root / "workflows" / "profiles" / name


def test_a_profile_goes_by_its_folder(tmp_path, monkeypatch):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "config.yaml").write_text("jobs: 3\n")
    monkeypatch.chdir(tmp_path)
    assert runner.profile_folder("ours") == tmp_path / "ours"


@pytest.mark.parametrize("name", ["moon", ".", ""])
def test_an_unknown_profile_is_refused_with_those_there_are(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="one of local, slurm, or a folder"):
        runner.profile_folder(name)


def test_nothing_is_written_for_an_unknown_profile(root, tmp_path, dermshift):
    done = dermshift(tmp_path, "run", str(root / "config" / "config.yaml"), "--profile", "moon")
    assert done.returncode == 2
    assert "--profile moon" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_cores_are_the_profiles_unless_they_are_named(tmp_path):
    settings, place = tmp_path / "study.json", Path("place")
    assert "--cores" not in runner.command(settings, place, None, dry=False)
    named = runner.command(settings, place, "3", dry=False)
    assert named[named.index("--cores") + 1] == "3"
    assert shipped("local")["cores"] == "all"


def test_both_profiles_decide_alike_what_is_out_of_date():
    keys = ("nolock", "keep-going", "rerun-incomplete", "max-checksum-file-size", "rerun-triggers")
    assert {key: shipped("local").get(key) for key in keys} == {key: shipped("slurm").get(key) for key in keys}
