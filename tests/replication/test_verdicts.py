"""Fixed words by rule, and counts of signs that say what they can carry."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from dermshift.replication import verdicts as words
from dermshift.replication.signs import count

COUNTS = "sequencing counts"


def row(lower: float, upper: float, *, status: str = "estimated", platform: str = COUNTS) -> dict[str, object]:
    ends = {"ci_lower": lower, "ci_upper": upper, "estimate": (lower + upper) / 2}
    return {"status": status, "platform": platform, **ends}


@pytest.mark.parametrize(
    ("discovery", "replication", "verdict", "size"),
    [
        ((0.5, 1.5), (0.2, 1.2), words.SAME, words.HOLDS),
        ((0.5, 1.5), (0.2, 0.8), words.SAME, words.NEARER),
        ((0.5, 1.5), (1.2, 2.8), words.SAME, words.FURTHER),
        ((0.5, 1.5), (-0.2, 0.6), words.SAME_OPEN, words.NEARER),
        ((0.5, 1.5), (-0.6, 0.2), words.OPPOSITE_OPEN, words.NEARER),
        ((0.5, 1.5), (-0.8, -0.1), words.OPPOSITE, words.BEYOND),
        ((0.5, 1.5), (-9.0, 9.5), words.SAME_OPEN, words.HOLDS),
        ((-0.1, 1.5), (0.2, 1.2), words.NO_SIGN, words.HOLDS),
    ],
)
def test_every_word_has_its_rule_and_turned_signs_say_the_same(discovery, replication, verdict, size) -> None:
    turned = [tuple(-end for end in reversed(ends)) for ends in (discovery, replication)]
    for one, other in ((discovery, replication), turned):
        assert words.verdict(row(*one), row(*other)) == verdict
        assert words.size(row(*one), row(*other)) == size


def test_a_missing_estimate_is_told_as_such_and_never_as_unchanged() -> None:
    missing = row(np.nan, np.nan, status="below detection")
    assert words.verdict(row(0.5, 1.5), missing) == "replication: below detection"
    assert words.verdict(missing, row(0.5, 1.5)) == "discovery: below detection"
    assert np.isnan(words.size(row(0.5, 1.5), missing))


def test_sizes_are_not_compared_across_platforms() -> None:
    assert np.isnan(words.size(row(0.5, 1.5), row(0.2, 0.4, platform="microarray")))


def test_no_word_claims_more_than_an_interval_shows() -> None:
    said = " ".join((*words.VERDICTS, *words.SIZES))
    assert not any(claim in said for claim in ("replicated", "confirm", "significant", "validated"))


def test_two_studies_get_no_p_and_the_words_say_why() -> None:
    found = count(row(0.5, 1.5), [row(0.2, 1.2), row(-0.5, 0.1)])
    assert (found["n_replication"], found["n_same_sign"], found["n_same_excluding_0"]) == (2, 1, 1)
    assert np.isnan(found["p_value"])
    assert found["floor"] == 0.25
    assert "cannot give a p below 0.25" in found["words"]


def test_from_five_studies_on_the_p_is_that_of_a_full_enumeration() -> None:
    signs = [1, 1, 1, 1, -1, 1]
    found = count(row(0.5, 1.5), [row(sign - 0.5, sign + 0.5) for sign in signs])
    every = list(itertools.product([0, 1], repeat=len(signs)))
    exact = sum(sum(pattern) >= 5 for pattern in every) / len(every)
    assert found["p_value"] == pytest.approx(exact)
    assert found["n_opposite_excluding_0"] == 1
    assert 2 * exact > found["p_value"], "two-sided would be another answer"


def test_a_discovery_without_a_settled_sign_gives_a_count_and_no_p() -> None:
    found = count(row(-0.1, 1.5), [row(0.2, 1.2)] * 6)
    assert found["n_same_sign"] == 6
    assert np.isnan(found["p_value"])
    assert "its sign is not settled" in found["words"]


def test_no_study_gives_no_count() -> None:
    found = count(row(0.5, 1.5), [])
    assert found["n_replication"] == 0
    assert found["words"] == "no replication study has an estimate"
