from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dermshift.report.summary import limits
from dermshift.report.words import decimal, portable, probability, text, whole


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan, pd.NA])
def test_missing_values_are_called_na(missing):
    assert {form(missing) for form in (decimal, probability, text, whole)} == {"NA"}


def test_small_probabilities_keep_two_digits():
    assert probability(0.0123456) == "0.012"
    assert probability(2.1234e-18) == "2.1e-18"


def test_absolute_paths_lose_their_folders_and_relative_ones_stay():
    value = {"a": ["/srv/someone/x.tsv", "data/x.tsv"], "b": r"C:\Users\someone\y.tsv", "n": 3}
    assert portable(value) == {"a": ["x.tsv", "data/x.tsv"], "b": "y.tsv", "n": 3}


def test_what_cannot_be_said_depends_on_what_was_compared(make_facts):
    facts = make_facts()
    assert "There is no control arm" in limits(facts)[0]
    assert "control" not in limits(replace(facts, comparison="conditions"))[0]
