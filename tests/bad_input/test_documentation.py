"""The table for users says what the program says."""

from __future__ import annotations

from bad_input_cases import CASES
from bad_input_cases.case import WRITE
from bad_input_cases.documentation import PAGE, page


def test_the_page_is_up_to_date():
    if WRITE:
        PAGE.write_text(page())
    assert PAGE.read_text() == page()


def test_there_are_at_least_forty_five_cases():
    assert len(CASES) >= 45
