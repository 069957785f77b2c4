"""A few genes fitted again: the numbers of the whole fit, without the rest of it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from dermshift.design.without import without_patient
from dermshift.engines import ENGINES, EngineOptions
from dermshift.engines.base import RERUN_COLUMNS, Engine, rows_of

OPTIONS = EngineOptions(shrink=False)
WANTED = ["G3", "G12", "G77", "G158", "G159"]
"""Up in all, up in males, unchanged, constant, without a count."""


def choices(engine: Engine) -> list[EngineOptions]:
    """Options that share a fit, and one that needs another."""
    more = {"reference": "normal", "test": "lrt", "independent_filtering": True, "trend": True}
    takes = {name: value for name, value in more.items() if name in engine.meta.takes}
    return [OPTIONS, *(replace(OPTIONS, **{name: value}) for name, value in takes.items())]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.meta.name)
@pytest.mark.parametrize("left_out", ["", "P2", "P6"])
def test_a_rerun_gives_the_numbers_of_the_whole_fit_to_the_last_digit(engine, left_out, make_study, sex_designs):
    study = make_study(engine.meta.scale)
    designs = [without_patient(one, left_out) for one in sex_designs] if left_out else sex_designs
    found = engine.reruns(study, sex_designs[0], OPTIONS)(designs, choices(engine), WANTED)
    for options, tables in zip(choices(engine), found, strict=True):
        whole = engine.run(study, designs, options).tables
        assert list(tables) == list(whole)
        for question, rows in tables.items():
            expected = rows_of(whole[question], WANTED)
            assert list(rows.columns) == list(RERUN_COLUMNS)
            assert expected["p_value"].notna().sum() >= 3
            pd.testing.assert_frame_equal(
                rows.reset_index(drop=True), expected.reset_index(drop=True), check_exact=True, check_dtype=False
            )


def test_the_shared_part_is_that_of_every_gene(make_study, sex_designs):
    """The twin: fitted from the wanted genes alone, size factors, trend and prior are others."""
    engine = next(one for one in ENGINES if one.again is not None)
    study = make_study()
    few = replace(study, adata=study.adata[:, [f"G{i}" for i in range(40)]].copy())
    wanted = ["G3", "G12", "G30"]
    right, wrong = (engine.reruns(one, sex_designs[0], OPTIONS)(sex_designs, [OPTIONS], wanted) for one in (study, few))
    for question, rows in right[0].items():
        assert (rows["p_value"].to_numpy() != wrong[0][question]["p_value"].to_numpy()).all()


def test_genes_outside_the_fit_have_no_numbers(make_study, sex_designs):
    engine = next(one for one in ENGINES if one.again is not None)
    found = engine.reruns(make_study(), sex_designs[0], OPTIONS)(sex_designs, [OPTIONS], ["G159"])
    for rows in found[0].values():
        assert rows["gene_id"].tolist() == ["G159"]
        assert rows["p_value"].isna().all()
