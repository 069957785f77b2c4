"""Text broken into lines, or shortened, to the width it has on paper."""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from typing import TYPE_CHECKING

from dermshift.figures.style import SIZE_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def wrap(text: str, width: float, size: float, *, weight: str = "normal") -> list[str]:
    """Break `text` into lines no wider than `width` mm; a word that is wider alone is cut."""
    from dermshift.figures.paper import text_width

    def too_wide(joint: str, parts: Sequence[str], count: int) -> bool:
        return text_width(joint.join(parts[:count]), size, weight=weight) > width

    words, lines = text.split(), []
    while words:
        held = _most(len(words), partial(too_wide, " ", words))
        if held:
            lines.append(" ".join(words[:held]))
            words = words[held:]
        else:
            cut = max(_most(len(words[0]) - 1, partial(too_wide, "", words[0])), 1)
            lines.append(words[0][:cut])
            words[0] = words[0][cut:]
            words = words if words[0] else words[1:]
    return lines


def _most(highest: int, too_many: Callable[[int], bool]) -> int:
    """Return the greatest number up to `highest` that is not too many, 0 if each is; measures a few of them only."""
    return bisect_right(range(1, highest + 1), 0, key=too_many)  # False is 0


def wrapped(text: str, width: float, size: float = SIZE_TEXT, *, weight: str = "normal") -> str:
    """Return `text` with line breaks, as `wrap` makes them."""
    return "\n".join(wrap(text, width, size, weight=weight))


def shorten(text: str, width: float, size: float) -> str:
    """Return `text`, its middle left out where it is wider than `width` mm."""
    from dermshift.figures.paper import text_width

    if text_width(text, size) <= width:
        return text
    longest = min(len(text) - 1, 100)  # no line of a page holds more
    keep = _most(longest, lambda count: text_width(_middle_out(text, count), size) > width)
    return _middle_out(text, max(keep, min(longest, 2)))


def _middle_out(text: str, keep: int) -> str:
    return f"{text[: (keep + 1) // 2]}…{text[len(text) - keep // 2 :]}"
