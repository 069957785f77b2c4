from __future__ import annotations

import pickle

import pytest

from dermshift.errors import DermshiftError, FormatError, Problem

PROBLEMS = (Problem("a.tsv, row 2", "x", "a number", "Correct it."), Problem("b.tsv", "nothing", "a file", "Name it."))


@pytest.mark.parametrize("kind", [DermshiftError, FormatError])
def test_an_error_of_another_process_keeps_its_problems(kind):
    error = pickle.loads(pickle.dumps(kind(*PROBLEMS)))
    assert type(error) is kind
    assert error.problems == PROBLEMS
    assert str(error) == str(kind(*PROBLEMS))
