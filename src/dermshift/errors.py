"""One exception family, one shape of message: where, what was found, what was expected, what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

EXIT_INPUT = 2
"""Exit code for wrong input: nothing was written."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the input.

    Parameters
    ----------
    where
        File, column, row or parameter, e.g. ``samples.tsv, column 'sex', row 4``.
    found
        What stands there.
    expected
        What should stand there.
    action
        What the user does about it, as an imperative sentence.
    """

    where: str
    found: str
    expected: str
    action: str

    def as_dict(self) -> dict[str, str]:
        """Return the four parts as a plain dictionary."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.where}\n  found:    {self.found}\n  expected: {self.expected}\n  do:       {self.action}"


class DermshiftError(Exception):
    """Wrong input, with every problem that was seen, never the first only."""

    def __init__(self, *problems: Problem) -> None:
        self.problems: tuple[Problem, ...] = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    def __reduce__(self) -> tuple[type[DermshiftError], tuple[Problem, ...]]:
        """Keep the problems where an error comes from another process."""
        return type(self), self.problems

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> DermshiftError:
        """Build the error from any iterable of problems."""
        return cls(*problems)


class SheetError(DermshiftError):
    """The sample sheet is wrong."""


class PairingError(DermshiftError):
    """A patient has not exactly one sample before and one after."""


class ScaleError(DermshiftError):
    """Values are not on the scale the engine needs."""


class DesignError(DermshiftError):
    """A question cannot be answered with these samples."""


class ConfigError(DermshiftError):
    """The configuration is wrong."""


class FormatError(DermshiftError):
    """A file is not in the format it claims to be."""


class FetchError(DermshiftError):
    """A file could not be fetched."""
