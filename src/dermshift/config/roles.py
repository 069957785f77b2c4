"""What the columns of the sheet are to a contrast, and two visits compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.checks.finding import listed
from dermshift.design.question import Ask
from dermshift.names import COMPARTMENT, PATIENT, SEX, TIMEPOINT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dermshift.study import Timepoints


@dataclass(frozen=True)
class Roles:
    """What the columns of the sheet are: `columns` maps role to column, ``patient`` and ``timepoint`` among them."""

    columns: Mapping[str, str]
    timepoints: Timepoints
    others: tuple[str, ...] = ()

    @property
    def patient(self) -> str:
        """Column of the patient."""
        return self.columns[PATIENT]

    @property
    def visit(self) -> str:
        """Column of the timepoint."""
        return self.columns[TIMEPOINT]

    def role(self, column: str) -> str:
        """Return how a column is called in a question."""
        return next((role for role in (SEX, COMPARTMENT) if self.columns.get(role) == column), column)


class Refused(Exception):  # noqa: N818 -- `translate` turns it into problems
    """A contrast that cannot be answered: what was found, what could be answered, and what to do."""


def refused(found: str, expected: str, action: str) -> Refused:
    """Return the refusal of a contrast."""
    return Refused(found, expected, action)


def compared(reference: str, target: str, roles: Roles) -> Ask:
    """Return the question that compares two labels of the timepoint column; raise `Refused` where there is none."""
    first, visits = roles.timepoints.before, roles.timepoints.visits
    known = (first, *visits)
    unknown = [label for label in (reference, target) if label not in known]
    if unknown or reference == target:
        found = f"reference '{reference}', target '{target}'"
        action = "Correct the label, or name the visit under study.timepoints."
        raise refused(found=found, expected=f"two of {listed(map(repr, known))}, the earlier first", action=action)
    if known.index(reference) > known.index(target):
        raise refused(
            found=f"reference '{reference}', target '{target}': the sign of every change would be turned round",
            expected=f"the earlier visit as reference: {listed(map(repr, known))}",
            action=f"Swap reference and target, or write study.timepoints: {{before: {reference}, after: {target}}}.",
        )
    return Ask() if (reference, target) == (first, visits[0]) else Ask(by=TIMEPOINT)
