"""The drafted configuration: every visit in it, and what cannot be answered said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dermshift.config.read import validate
from dermshift.pseudobulk.draft import draft, order_timepoints


def rows(visits: tuple[str, ...], patients: int = 4) -> list[dict[str, Any]]:
    return [
        {"sample": f"P{i}.{visit}.{place}", "patient": f"P{i}", "timepoint": visit, "compartment": place}
        for i in range(patients)
        for visit in visits
        for place in ("basal", "T_cell")
    ]


@pytest.mark.parametrize(
    ("labels", "order", "sure"),
    [
        (["week8", "week1", "baseline"], ["baseline", "week1", "week8"], True),
        (["w12", "w0", "w2"], ["w0", "w2", "w12"], True),
        (["early", "late"], ["early", "late"], False),
    ],
)
def test_visits_in_their_likely_order(labels: list[str], order: list[str], sure: bool) -> None:
    assert order_timepoints(labels) == (order, sure)


def test_three_visits_are_all_asked_for() -> None:
    text = draft(rows(("baseline", "week1", "week8")), Path("out"))
    assert text is not None
    config = validate(yaml.load(text, yaml.BaseLoader), "draft")
    assert config.spec.timepoints.visits == ("week1", "week8")
    assert [ask.text for ask in config.asks] == ["response", "{by: compartment}", "{by: timepoint}"]
    assert "# CHECK: assumed from the names" in text


def test_too_few_patients_are_a_comment_with_the_reason() -> None:
    text = draft(rows(("baseline", "week1"), patients=2), Path("out"))
    assert text is not None
    assert "# - response  not answerable: 2 patients with a complete pair" in text


def test_one_visit_makes_no_study() -> None:
    assert draft(rows(("baseline",)), Path("out")) is None
