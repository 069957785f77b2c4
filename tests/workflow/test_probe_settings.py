from __future__ import annotations

from dermshift.config.read import validate
from dermshift.workflow.settings import Plan, flags, inputs, loaded

STUDY = {"name": "trial", "matrix": "m.txt", "samples": "s.tsv", "timepoints": {"before": "a", "after": "b"}}


def config(**annotation):
    return validate({"study": STUDY, "annotation": annotation}, "test")


def test_an_annotation_of_probe_sets_is_an_input_and_makes_one_more_output():
    named = config(probes="GPL571.annot.gz", probe_rule="every")
    assert "GPL571.annot.gz" in inputs(named)["load"]
    assert loaded(named) == ["checks.json", "designs.json", "study.h5ad", "probes.tsv", "identifiers.tsv"]
    assert {"--probes=GPL571.annot.gz", "--probe-rule=every"} <= set(flags(named, Plan("f", {}, {}))["load"])


def test_without_one_nothing_changes():
    assert "probes.tsv" not in loaded(config())
    assert "identifiers.tsv" not in loaded(config(genes=""))
    assert config(probe_rule="every").spec.probe_rule == "every"
    assert flags(config(probe_rule="every"), Plan("f", {}, {}))["load"] == flags(config(), Plan("f", {}, {}))["load"]


def test_an_accession_stands_for_a_file_of_the_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("DERMSHIFT_CACHE", str(tmp_path))
    assert config(probes="geo:GPL571").spec.probes == str(tmp_path / "GPL571.annot.gz")
