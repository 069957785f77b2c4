from __future__ import annotations

import json

import pytest

from dermshift.config.read import validate
from dermshift.workflow.settings import Plan, as_json, flags, inputs, settings

STUDY = {
    "name": "trial",
    "matrix": "counts.tsv",
    "samples": "samples.tsv",
    "columns": {"sex": "Sex; rm -rf /"},
    "timepoints": {"before": "a", "after": "b"},
}
PLAN = Plan(
    "results/trial", {"response": ["response"], "sex": ["by=sex"]}, {"response": ["response"], "sex": ["x", "y"]}
)


def config(**analysis):
    value = {"study": STUDY, "genes": {"mediator": "LCN2"}, "gene_sets": ["a b.gmt"], "analysis": analysis}
    return validate(value, "test")


def stages(**analysis) -> set[str]:
    """Stages whose flags change with these values."""
    before, after = flags(config(), PLAN), flags(config(**analysis), PLAN)
    return {stage for stage in before if before[stage] != after[stage]}


def test_a_value_reaches_only_the_stages_that_depend_on_it():
    assert stages(alpha=0.1) == {"enrich", "evidence", "dossier", "plot", "report", "bundle"}
    assert stages(min_count=5) == {"test", "evidence", "bundle"}
    assert stages(seed=1) == {"test", "enrich", "evidence", "bundle"}
    assert stages(permutations=200) == {"enrich", "bundle"}
    assert stages(shrink=False) == {"test", "bundle"}


def test_alpha_reaches_the_fit_only_where_the_fit_uses_it():
    chosen = flags(config(independent_filtering=True, alpha=0.1), PLAN)["test"]
    assert {"--option=independent_filtering=true", "--alpha=0.1"} <= set(chosen)


def test_every_flag_is_one_argument():
    found = [flag for stage in flags(config(), PLAN).values() for flag in stage]
    assert all(flag.startswith("--") for flag in found)
    assert "--column=sex=Sex; rm -rf /" in found
    assert "--gene-set=a b.gmt" in found


def test_settings_are_plain_and_the_same_bytes_each_time():
    content = as_json(settings(config(), PLAN))
    assert content == as_json(settings(config(), PLAN))
    read = json.loads(content)
    assert [fit["questions"] for fit in read["fits"]] == [["response"], ["x", "y"]]
    assert set(read["code"]) == set(read["flags"])


@pytest.mark.parametrize(
    ("stage", "file"),
    [("load", "counts.tsv"), ("enrich", "a b.gmt"), ("plot", "data/sex_genes.tsv"), ("plot", "data/genes.tsv")],
)
def test_inputs_are_the_files_of_the_user(stage, file):
    assert file in inputs(config())[stage]
