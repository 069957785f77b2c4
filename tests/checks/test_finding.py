from __future__ import annotations

from dermshift.checks.finding import Finding, capped, judged, listed, nearest
from dermshift.errors import Problem

PROBLEM = Problem("here", "a", "b", "Do c.")


def test_judged_is_ok_without_problems_and_an_error_with_them() -> None:
    assert judged("x", [], "fine") == Finding("x", "ok", "fine")
    assert judged("x", [PROBLEM], "fine").verdict == "error"
    assert judged("x", [PROBLEM], "fine").problems == (PROBLEM,)


def test_many_problems_of_one_kind_are_counted() -> None:
    shown = capped([Problem(f"row {i}", "a", "b", "c") for i in range(25)])
    assert [problem.where for problem in shown[:10]] == [f"row {i}" for i in range(10)]
    assert shown[10].found == "15 more of this kind"
    assert len(capped([PROBLEM] * 10)) == 10


def test_listed_counts_the_rest() -> None:
    assert listed(range(3)) == "0, 1, 2"
    assert listed(range(12)) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"


def test_nearest_ignores_case_and_stays_silent_when_nothing_is_close() -> None:
    assert nearest("Patint", ["patient", "sex"]) == "; nearest: 'patient'"
    assert nearest("zzz", ["patient"]) == ""


def test_a_finding_becomes_plain_data() -> None:
    plain = Finding("x", "error", "e", (PROBLEM,)).as_dict()
    assert plain["problems"] == [{"where": "here", "found": "a", "expected": "b", "action": "Do c."}]
