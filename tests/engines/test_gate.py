"""Designs that no fit can serve, refused by every engine in the same words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dermshift.engines import ENGINES
from dermshift.engines.gate import need_one_fit
from dermshift.errors import DesignError

pytestmark = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.meta.name)


def test_designs_of_one_fit_pass(engine, sex_designs):
    need_one_fit(engine.meta, sex_designs)


def test_rank_deficient_matrix_is_refused_with_its_columns(engine, sex_designs):
    first = sex_designs[0]
    matrix = first.matrix.assign(male=(first.libraries.index.str.contains("P[567]")).astype(float))
    broken = replace(first, matrix=matrix, contrast=np.append(first.contrast, 0.0))
    with pytest.raises(DesignError, match=r"rank 9 .* male\n.*full column rank 10"):
        need_one_fit(engine.meta, [broken])


def test_every_mismatch_is_named(engine, sex_designs):
    first, second, third = sex_designs
    with pytest.raises(DesignError) as caught:
        need_one_fit(engine.meta, [first, replace(second, fit_id="other"), replace(third, contrast=np.ones(2))])
    assert len(caught.value.problems) == 2
    assert {problem.where for problem in caught.value.problems} == {
        "question 'response_sex_male'",
        "question 'difference_sex_male_vs_female'",
    }


def test_libraries_in_another_order_are_refused(engine, sex_designs):
    first = sex_designs[0]
    with pytest.raises(DesignError, match="different order"):
        need_one_fit(engine.meta, [replace(first, libraries=first.libraries.iloc[::-1])])


def test_no_design_is_refused(engine):
    with pytest.raises(DesignError, match="no design"):
        need_one_fit(engine.meta, [])


def test_patients_as_a_random_block_are_for_limma_alone(engine, sex_designs):
    blocked = [replace(design, block=tuple(design.libraries["patient"])) for design in sex_designs]
    if engine.meta.name == "limma":
        need_one_fit(engine.meta, blocked)
        with pytest.raises(DesignError, match="13 block labels"):
            need_one_fit(engine.meta, [replace(blocked[0], block=blocked[0].block[1:])])
        with pytest.raises(DesignError, match="share one matrix"):
            need_one_fit(engine.meta, [blocked[0], sex_designs[1]])
        return
    with pytest.raises(DesignError, match="a random block is modelled by 'limma'") as caught:
        need_one_fit(engine.meta, blocked)
    assert len(caught.value.problems) == 3
