from __future__ import annotations

from dermshift.report.switches import choices, switches


def card(kind: str, column: str = "", levels: tuple[str, ...] = (), within: tuple[str, ...] = (), block: str = ""):
    return {"kind": kind, "column": column, "levels": list(levels), "within": list(within), "block": block}


CARDS = [
    card("response"),
    card("difference", "sex", ("male", "female")),
    card("response_within", "sex", ("male",)),
    card("response_within", "compartment", ("sebaceous_gland",)),
    card("response_within", "sex", ("male",), ("compartment", "sebaceous_gland")),
    card("slope", "mg_per_kg_day"),
    card("response_within", "sex", ("male",), block="patient"),
]


def test_a_question_is_one_choice_per_column():
    assert [choices(one) for one in CARDS] == [
        {},
        {"sex": "male minus female"},
        {"sex": "male"},
        {"compartment": "sebaceous gland"},
        {"sex": "male", "compartment": "sebaceous gland"},
        None,
        None,
    ]


def test_no_two_questions_share_their_choices():
    made = [tuple(sorted(found.items())) for one in CARDS if (found := choices(one)) is not None]
    assert len(set(made)) == len(made)


def test_levels_stand_before_differences():
    assert switches(CARDS) == [
        {"column": "sex", "title": "sex", "choices": ["all", "male", "male minus female"]},
        {"column": "compartment", "title": "compartment", "choices": ["all", "sebaceous gland"]},
    ]
    assert switches([card("response")]) == []
