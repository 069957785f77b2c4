"""Difference cards: only the difference decides, and says so in one sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dermshift.evidence.cards import ALIKE, COLUMNS, DIFFERS, NONE, OPEN, difference_cards

CARD = {"levels": ["male", "female"], "n_by_level": {"male": 3, "female": 4}}


def frame(estimate, lower, upper, p, fdr=np.nan):
    rows = {"estimate": [estimate], "ci_lower": [lower], "ci_upper": [upper], "p_value": [p], "fdr": [fdr]}
    return pd.DataFrame(rows, index=["G1"], dtype=float)


def card(difference, **levels):
    found = difference_cards(CARD, "paired_t", levels, difference, alpha=0.05)
    assert list(found.columns) == COLUMNS
    return found.iloc[0]


@pytest.mark.parametrize(
    ("difference", "verdict", "words"),
    [
        (frame(1.2, -0.4, 2.8, 0.2), OPEN, "these data cannot tell"),
        (frame(1.2, 0.4, 2.0, 0.01), DIFFERS, "the changes differ"),
        (frame(0.1, -0.3, 0.4, 0.6), ALIKE, "no difference beyond 0.5 log2"),
        (frame(np.nan, np.nan, np.nan, np.nan), NONE, "cannot be answered"),
    ],
)
def test_verdict_and_sentence_follow_the_interval(difference, verdict, words):
    found = card(difference)
    assert found["verdict"] == verdict
    assert words in found["sentence"]
    assert ("log2, 95 % CI" in found["sentence"]) == (verdict != NONE)


def test_sentence_names_levels_numbers_and_patients():
    sentence = card(frame(1.2, -0.4, 2.8, 0.2))["sentence"]
    assert sentence == "male - female: +1.20 log2, 95 % CI -0.40 to 2.80, 3 and 4 patients: these data cannot tell"


def test_one_level_that_passes_and_one_that_does_not_are_no_difference():
    """The twin of the two-list fallacy: male p is tiny, female p is not, their difference is open."""
    male, female = frame(1.5, 1.0, 2.0, 1e-6), frame(0.9, -0.2, 2.0, 0.1)
    found = card(frame(0.6, -0.5, 1.7, 0.25), male=male, female=female)
    assert found["verdict"] == OPEN
    assert (found["estimate_a"], found["n_a"]) == (1.5, 3)
    assert (found["estimate_b"], found["n_b"]) == (0.9, 4)


def test_items_found_by_looking_are_judged_by_their_false_discovery_rate():
    open_one = card(frame(1.2, 0.4, 2.0, 0.01, fdr=0.4))
    assert open_one["verdict"] == OPEN
    assert open_one["sentence"].endswith("FDR 0.4 among all genes, 3 and 4 patients: these data cannot tell")
    assert card(frame(1.2, 0.4, 2.0, 0.01, fdr=0.01))["verdict"] == DIFFERS


def test_a_level_without_rows_leaves_its_numbers_open():
    assert np.isnan(card(frame(1.2, -0.4, 2.8, 0.2))["estimate_a"])
