"""The design picture: every sample stands where the sheet puts it, and what is missing is seen."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from dermshift.design import Ask, design_card, plan
from dermshift.figures import FigureInputs, sampling
from dermshift.figures.sampling_frame import MISSING, NOT_USED, USED, complete, frame_of, left_out_of
from dermshift.study import Timepoints

if TYPE_CHECKING:
    from dermshift.figures import Figure
    from dermshift.study import Study

GONE = ["P03_dermis_week1", "P05_dermis_baseline", "P05_sebaceous_gland_baseline"]


def asked(study: Study, *asks: Ask) -> FigureInputs:
    cards = [design_card(design) for design in plan(study.sheet, study.timepoints, asks)]
    return FigureInputs(study, cards, {}, pd.DataFrame())


def drawn(inputs: FigureInputs) -> Figure:
    (figure,) = sampling.draw(inputs)
    return figure


@pytest.fixture(scope="module")
def gaps(inputs: FigureInputs) -> FigureInputs:
    """The study of eight patients without three of its samples."""
    kept = [sample for sample in inputs.study.sheet.index if sample not in GONE]
    study = dataclasses.replace(inputs.study, adata=inputs.study.adata[kept].copy())
    return asked(study, Ask(), Ask("compartment"))


def test_a_full_study_has_no_gap(inputs: FigureInputs) -> None:
    frame = frame_of(inputs.study, inputs.cards)
    assert set(frame["state"]) == {USED}
    assert sorted(frame["sample"]) == sorted(inputs.study.sheet.index)
    figure = drawn(inputs)
    assert figure.claim["shows"] == "16 of 16 pairs are complete."
    assert figure.questions == tuple(card["id"] for card in inputs.cards)


def test_missing_and_unused_samples_are_told_apart(gaps: FigureInputs) -> None:
    frame = frame_of(gaps.study, gaps.cards)
    assert (frame["state"] == MISSING).sum() == len(GONE)
    unused = set(frame.loc[frame["state"] == NOT_USED, "sample"])
    used = {sample for card in gaps.cards for library in card["libraries"] for sample in library["members"]}
    assert unused == set(gaps.study.sheet.index) - used
    assert {"P03_dermis_baseline", "P05_dermis_week1", "P05_sebaceous_gland_week1"} <= unused
    pairs = complete(frame)
    assert (pairs["P01"], pairs["P03"], pairs["P05"]) == ("2 of 2", "1 of 2", "0 of 2")
    shows = drawn(gaps).claim["shows"]
    assert shows == f"13 of 16 pairs are complete; 3 samples are missing; {len(unused)} samples enter no question."


def test_who_is_left_out_of_how_many_questions(gaps: FigureInputs) -> None:
    said = left_out_of(gaps.cards)
    assert set(said) == {"P03", "P05"}
    assert said["P05"] == "4 of 4 questions"
    assert any(text.get_text() == "4 of 4 questions" for ax in drawn(gaps).figure.axes for text in ax.texts)


def test_a_further_visit_is_a_pair_of_its_own(inputs: FigureInputs) -> None:
    sheet = inputs.study.sheet
    moved = sheet.assign(timepoint=sheet["timepoint"].where(sheet["patient"] != "P08", "week8"))
    adata = inputs.study.adata.copy()
    adata.obs = moved
    times = Timepoints("baseline", "week1", ("week8",))
    frame = frame_of(dataclasses.replace(inputs.study, adata=adata, timepoints=times), [])
    assert complete(frame)["P01"] == "2 of 4"
    assert list(dict.fromkeys(frame["timepoint"])) == ["baseline", "week1", "week8"]


def test_a_study_of_patients_and_visits_alone(bare: FigureInputs) -> None:
    figure = drawn(bare)
    assert figure.claim["shows"] == "4 of 4 pairs are complete."
    assert len(figure.frame) == 8
    assert set(figure.frame["compartment"]) == {""}
