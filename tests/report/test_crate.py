from __future__ import annotations

import json
from importlib.resources import files
from types import SimpleNamespace

import pytest

from dermshift import io
from dermshift.report.crate import crate

CONTEXT = "https://w3id.org/ro/crate/1.3/context"


@pytest.fixture
def listed(bundle_folder):
    return io.read_json(bundle_folder / "manifest.json")


def entities(listed):
    return {entity["@id"]: entity for entity in crate(listed)["@graph"]}


def test_the_crate_names_every_file_with_its_hash_and_bears_no_date_of_today(listed):
    found = entities(listed)
    assert {*listed["files"], "manifest.json", "./", "ro-crate-metadata.json"} <= set(found)
    for name, facts in listed["files"].items():
        assert found[name]["sha256"] == facts["sha256"]
        assert found[name]["description"]
    assert found["./"]["datePublished"] == "1970-01-01"
    assert "Synthetic" in found["./"]["name"]
    assert crate(listed) == crate(listed)


def test_the_crate_says_what_was_read_by_which_program(listed):
    found = entities(listed)
    run = found["#analysis"]
    assert found[run["instrument"]["@id"]]["version"] == listed["dermshift"]
    assert [found[item["@id"]]["name"] for item in run["object"]] == ["counts.tsv"]


def offline(monkeypatch):
    """Let the validator read the context that the library of crates carries, and nothing else."""
    from rocrate_validator.utils.http import HttpRequester

    text = files("rocrate").joinpath("data/ro-crate.jsonld").read_text(encoding="utf-8")
    headers = {"Content-Type": "application/ld+json"}
    answer = SimpleNamespace(status_code=200, url=CONTEXT, headers=headers, text=text, json=lambda: json.loads(text))

    def get(self, url, *args, **options):
        assert url == CONTEXT, f"the validator asks for {url}"
        return answer

    for verb in ("get", "head"):
        monkeypatch.setattr(HttpRequester, verb, get, raising=False)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:(rdflib|pyshacl|rocrate_validator).*")  # among its libraries
def test_a_public_validator_accepts_the_crate(bundle_folder, listed, monkeypatch):
    from rocrate_validator.services import ValidationSettings, validate

    offline(monkeypatch)
    io.write_json(crate(listed), bundle_folder / "ro-crate-metadata.json")
    settings = {"rocrate_uri": str(bundle_folder), "profile_identifier": "ro-crate-1.3", "no_cache": True}
    result = validate(ValidationSettings(**settings, requirement_severity="REQUIRED"))
    assert [issue.message for issue in result.get_issues()] == []
    assert result.passed()
    (bundle_folder / "methods.md").unlink()
    settings |= {"abort_on_first": True, "requirement_severity": "REQUIRED"}
    assert not validate(ValidationSettings(**settings)).passed()
