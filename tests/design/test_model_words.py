"""The model in words: its columns add up, whatever is asked."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from dermshift.design import Ask, design_card, plan
from dermshift.design.model_words import model_words
from dermshift.study import Timepoints

TIMES = Timepoints("baseline", "week1", ("week8",))


def cards_of(*asks: Ask) -> dict[str, dict]:
    rows = [
        (
            f"P{i}{label}{place}",
            f"P{i}",
            label,
            "male" if i % 2 else "female",
            place,
            "b" if i < 3 else "a",
            str(i / 10),
        )
        for i in range(6)
        for label in (*TIMES.visits, TIMES.before)
        for place in ("dermis", "sebaceous_gland")
    ]
    columns = ["sample", "patient", "timepoint", "sex", "compartment", "arm", "mg_per_kg_day"]
    sheet = pd.DataFrame(rows, columns=columns).set_index("sample")
    return {design.question.id: design_card(design) for design in plan(sheet, TIMES, asks)}


@pytest.fixture(scope="module")
def cards() -> dict[str, dict]:
    plain = (Ask(), Ask("sex"), Ask("arm"), Ask("compartment"), Ask("sex", "compartment"))
    random = (Ask(block="random"), Ask("sex", "compartment", "random"), Ask("compartment", block="random"))
    further = (Ask("timepoint"), Ask("timepoint", "compartment"), Ask(slope="mg_per_kg_day"))
    return cards_of(*plain, *random, *further)


def left(libraries: int, columns: int) -> str:
    return f"{libraries} libraries less {columns} columns leave {libraries - columns} residual degrees of freedom."


MERGED = "The 2 samples of a patient's visit are one library. One level per patient (6 columns)"
SENTENCES = {
    "response": [MERGED, "and one column for week1, the change all patients share:", left(12, 7)],
    "difference_sex_male_vs_female_in_dermis": [
        "One level per patient (6 columns) and one column per sex (female, male) for week1,",
        "the change its patients share:",
        left(12, 8),
    ],
    "difference_compartment_sebaceous_gland_vs_dermis": [
        "One level per patient and compartment (12 columns),",
        "one column per patient for week1, their change in dermis (6 columns),",
        "and one column for how much more sebaceous gland changes than dermis in all patients:",
        left(24, 19),
    ],
    "response_timepoint_week8": [
        f"{MERGED} and one column per later visit (week1, week8), the change since baseline all patients share:",
        left(18, 8),
    ],
    "slope_mg_per_kg_day": [
        f"{MERGED}, one column for week1, the change at the mean of mg/kg/day,",
        "and one for how much it grows per mg/kg/day:",
        left(12, 8),
    ],
    "difference_sex_male_vs_female_in_dermis_random_block": [
        "One column per sex and compartment and visit (8 columns) and no column for patients,",
        "whose libraries share one correlation, the same for all genes:",
        left(24, 8),
    ],
}


@pytest.mark.parametrize("question", SENTENCES)
def test_the_sentence_of_every_kind_of_question(cards, question):
    assert model_words(cards[question]) == " ".join(SENTENCES[question])


def test_the_words_of_the_other_questions(cards):
    words = {name: model_words(card) for name, card in cards.items()}
    assert words["response_compartment_dermis"].startswith("One level per patient (6 columns) and one column for week1")
    assert "one column per arm (a, b) for week1" in words["difference_arm_b_vs_a"]
    assert "One column per visit (2 columns)" in words["response_random_block"]
    assert "One column per compartment and visit" in words["response_compartment_dermis_random_block"]


def test_libraries_less_columns_are_the_residual_df_of_the_card(cards):
    assert len(cards) > 25
    for name, card in cards.items():
        said = model_words(card)
        libraries, columns, rest = map(int, re.findall(r"(\d+) libraries less (\d+) columns leave (\d+)", said)[0])
        assert (libraries - columns, rest) == (card["residual_df"], card["residual_df"]), name
        assert libraries == len(card["libraries"]), name
        assert "_" not in said, name


def test_a_card_names_the_level_of_each_library(cards):
    assert {row["arm"] for row in cards["difference_arm_b_vs_a"]["libraries"]} == {"a", "b"}
    assert "arm" not in cards["response"]["libraries"][0]
