"""Other defensible choices: one at a time, only those the engine knows, and the other engine of the same scale."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from dermshift.cli.multiverse import choices_of, others
from dermshift.cli.options import engine_options
from dermshift.engines import ENGINES, EngineOptions, get
from dermshift.errors import ConfigError


def changed(options: EngineOptions) -> set[str]:
    usual = asdict(EngineOptions())
    return {name for name, value in asdict(options).items() if value != usual[name]}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "deseq2",
            [("deseq2", {"reference"}), ("deseq2", {"independent_filtering"}), ("deseq2", {"test"}), ("voom", set())],
        ),
        ("limma", [("limma", {"trend"}), ("limma", {"robust"})]),
    ],
)
def test_each_run_departs_in_one_choice(name, expected):
    found = [(engine.meta.name, changed(options)) for engine, options in others(get(name), EngineOptions())]
    assert found == expected


def test_counts_have_a_second_opinion_in_both_directions():
    assert "deseq2" in [engine.meta.name for engine, _ in others(get("voom"), EngineOptions(robust=True))]
    found = others(get("deseq2"), EngineOptions(reference="normal"))
    second = {engine.meta.name: options for engine, options in found}
    assert changed(second["voom"]) == set()


def test_a_threshold_keeps_to_tests_that_know_it():
    found = others(get("deseq2"), EngineOptions(lfc_threshold=1.0))
    assert [changed(options) for _, options in found] == [
        {"lfc_threshold", "reference"}, {"lfc_threshold", "independent_filtering"},
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.meta.name)
def test_the_words_tell_runs_apart(engine):
    runs = [(engine, EngineOptions()), *others(engine, EngineOptions())]
    said = [tuple(choices_of(*run).values()) for run in runs]
    assert len(set(said)) == len(said)
    assert choices_of(engine, replace(EngineOptions(), array_weights=True))["weights"] == "quality"


def test_options_are_read_by_name():
    options = engine_options(["min_count=5", "trend=true", "lfc_threshold=0.5"], seed=3)
    assert (options.min_count, options.trend, options.lfc_threshold, options.seed) == (5, True, 0.5, 3)


@pytest.mark.parametrize("text", ["min_cuont=5", "min_count=many", "reference=gauss", "threads=2"])
def test_unknown_options_and_values_are_refused(text):
    with pytest.raises(ConfigError, match=text.split("=")[0]):
        engine_options([text])
