from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dermshift.figures.paper import text_width
from dermshift.figures.wrapping import shorten, wrap

SIZE = 6.5
TEXTS = st.text(st.sampled_from("aiW,. …0"), max_size=60)


def fits(line: str, width: float) -> bool:
    return text_width(line, SIZE) <= width


def naive(text: str, width: float) -> list[str]:
    """Return the lines found by adding word after word."""
    lines, line = [], ""
    for word in text.split():
        rest = word
        if line and fits(f"{line} {rest}", width):
            line = f"{line} {rest}"
            continue
        if line:
            lines.append(line)
        while not fits(rest, width) and len(rest) > 1:
            cut = next((k for k in range(len(rest) - 1, 1, -1) if fits(rest[:k], width)), 1)
            lines.append(rest[:cut])
            rest = rest[cut:]
        line = rest
    return [*lines, line] if line else lines


@given(TEXTS, st.floats(2, 60))
def test_lines_are_those_of_adding_word_after_word(text: str, width: float) -> None:
    assert wrap(text, width, SIZE) == naive(text, width)


@given(TEXTS, st.floats(2, 60))
def test_no_letter_is_lost_and_no_line_is_too_wide(text: str, width: float) -> None:
    lines = wrap(text, width, SIZE)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(fits(line, width) or len(line) == 1 for line in lines)


@given(TEXTS, st.floats(4, 60))
def test_a_shortened_text_keeps_as_much_as_fits(text: str, width: float) -> None:
    found = shorten(text, width, SIZE)
    if fits(text, width):
        assert found == text
        return
    assert "…" in found
    start, end = found.split("…", 1) if text.count("…") == 0 else (found[:1], found[-1:])
    assert text.startswith(start)
    assert text.endswith(end)
    assert fits(found, width) or len(found) <= 3
