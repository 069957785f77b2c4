"""One way an input can be wrong, or odd and yet fine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bad_input_cases.good import Study, good_study

if TYPE_CHECKING:
    from collections.abc import Callable

WRITE = os.environ.get("DERMSHIFT_WRITE_MESSAGES") == "1"
"""Whether messages and documentation are written anew, for a person to read before they are committed."""
BOTH = ("check", "load")
CHECK = ("check",)


@dataclass(frozen=True)
class Case:
    """A case: its name, the input in words (for the documentation), and what makes the good study so.

    Parameters
    ----------
    verbs
        Commands that see it; what only a configuration can hold is seen by ``check`` alone.
    """

    name: str
    words: str
    spoil: Callable[[Study], object]
    verbs: tuple[str, ...] = BOTH

    def study(self) -> Study:
        """Return the good study, spoilt."""
        study = good_study()
        self.spoil(study)
        return study


def collected(group: list[Case], name: str, words: str, verbs: tuple[str, ...] = BOTH) -> Callable:
    """Return a decorator that adds the function it stands over to `group` as a case."""

    def add(spoil: Callable[[Study], object]) -> Callable[[Study], object]:
        group.append(Case(name, words, spoil, verbs))
        return spoil

    return add
