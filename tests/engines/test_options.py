"""Choices of a fit that exclude each other, and choices an engine does not read."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import get_args

import pytest

from dermshift.design import Ask, plan
from dermshift.engines import ENGINES, EngineOptions, get
from dermshift.engines.base import ALWAYS_TAKEN, Alternative, Test
from dermshift.engines.options import need_one_test, need_options
from dermshift.errors import ConfigError

CLAIMS = get_args(Alternative)


def problems(*choices):
    with pytest.raises(ConfigError) as error:
        need_one_test(*choices, "here")
    for problem in error.value.problems:
        assert all(problem.as_dict().values())
    return [problem.where for problem in error.value.problems]


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("threshold", [0.0, 0.5])
def test_every_claim_goes_with_the_wald_test_except_smaller_than_nothing(claim, threshold):
    if (claim, threshold) == ("lessAbs", 0.0):
        assert problems("wald", threshold, claim) == ["here.alternative"]
    else:
        need_one_test("wald", threshold, claim, "here")


def test_the_likelihood_ratio_test_knows_no_threshold():
    need_one_test("lrt", 0.0, "greaterAbs", "here")
    assert problems("lrt", 0.5, "greaterAbs") == ["here.test"]
    assert problems("lrt", 0.0, "less") == ["here.test"]


def test_all_problems_come_at_once():
    assert problems("lrt", -1.0, "greater") == ["here.test", "here.lfc_threshold"]
    assert problems("lrt", 0.0, "lessAbs") == ["here.test", "here.alternative"]


def test_a_negative_threshold_names_the_direction():
    with pytest.raises(ConfigError, match="alternative: less turns the direction"):
        need_one_test("wald", -1.0, "greaterAbs", "here")


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.meta.name)
def test_an_engine_refuses_them_too(engine, make_study):
    study = make_study(engine.meta.scale, n_genes=40)
    designs = plan(study.sheet, study.timepoints, (Ask(),))
    with pytest.raises(ConfigError, match="likelihood-ratio"):
        engine.run(study, designs, EngineOptions(test="lrt", lfc_threshold=1.0))


CHANGED = {
    "min_count": 20,
    "alpha": 0.1,
    "independent_filtering": True,
    "shrink": False,
    "reference": "normal",
    "test": "lrt",
    "lfc_threshold": 0.5,
    "alternative": "less",
    "trend": True,
    "robust": True,
    "array_weights": True,
    "seed": 3,
    "threads": 2,
}


def test_every_option_is_read_by_an_engine_or_by_all():
    names = {field.name for field in fields(EngineOptions)}
    assert names == set(CHANGED) == set(ALWAYS_TAKEN).union(*(engine.meta.takes for engine in ENGINES))


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.meta.name)
@pytest.mark.parametrize("name", CHANGED)
def test_an_engine_takes_what_it_reads_and_refuses_the_rest(engine, name):
    options = EngineOptions(**{name: CHANGED[name]})
    if name in (*ALWAYS_TAKEN, *engine.meta.takes):
        need_options(engine.meta, options)
        return
    with pytest.raises(ConfigError) as error:
        need_options(engine.meta, options)
    [problem] = error.value.problems
    assert problem.where == f"options of engine '{engine.meta.name}': {name}"
    readers = [other.meta.name for other in ENGINES if name in other.meta.takes]
    assert all(f"'{reader}'" in problem.action for reader in readers)


def test_every_option_an_engine_does_not_read_is_named_at_once():
    wrong = EngineOptions(min_count=5, independent_filtering=True, reference="normal", test="lrt", lfc_threshold=1.0)
    with pytest.raises(ConfigError) as error:
        need_options(get("limma").meta, wrong)
    places = [problem.where.rpartition(": ")[2] for problem in error.value.problems]
    assert places[:4] == ["min_count", "independent_filtering", "reference", "test"]
    assert places[4].endswith("engine 'limma'.test")


def test_the_record_holds_what_a_result_depends_on():
    record = EngineOptions(test="lrt", threads=3).record()
    assert record["test"] == "lrt"
    assert "threads" not in record
    assert record == replace(EngineOptions(test="lrt"), threads=1).record()
    assert set(get_args(Test)) == {"wald", "lrt"}
