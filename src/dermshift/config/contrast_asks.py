"""From the contrasts of nf-core/differentialabundance to the questions of this program, or the reason why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.checks.finding import capped, listed
from dermshift.config.formula_asks import of_formula
from dermshift.config.roles import Refused, compared, refused
from dermshift.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.config.contrasts import Contrast
    from dermshift.config.roles import Roles
    from dermshift.design.question import Ask


def translate(contrasts: Sequence[Contrast], roles: Roles) -> tuple[Ask, ...]:
    """Return the questions the contrasts ask, each once.

    Raises
    ------
    ConfigError
        With every contrast this program cannot answer, and why.
    """
    asks: list[Ask] = []
    problems = []
    for contrast in contrasts:
        try:
            asks.append(_ask(contrast, roles))
        except Refused as reason:
            problems.append(Problem(contrast.where, *reason.args))
    if problems:
        raise ConfigError(*capped(problems))
    return tuple(dict.fromkeys(asks))


def only_pair(contrasts: Sequence[Contrast], visit: str, path: str) -> tuple[str, str]:
    """Return the one pair (before, after) the file compares in the column `visit`.

    Raises
    ------
    ConfigError
        There is none, or there are several.
    """
    pairs = dict.fromkeys((one.reference, one.target) for one in contrasts if one.variable == visit)
    if len(pairs) == 1:
        return next(iter(pairs))
    found = listed(f"'{before}' to '{after}'" for before, after in pairs) or "none"
    where = f"{path}, pairs of labels of the column '{visit}'"
    raise ConfigError(Problem(where, found, "one pair, or study.timepoints", "Write before and after in the config."))


def _ask(contrast: Contrast, roles: Roles) -> Ask:
    _need_no_exclusion(contrast, roles)
    if contrast.formula:
        return of_formula(contrast, roles)
    if contrast.variable == roles.patient:
        raise refused(
            found=f"patients compared ('{contrast.variable}')",
            expected="a comparison of visits",
            action="Remove the contrast.",
        )
    if contrast.variable != roles.visit:
        role = roles.role(contrast.variable)
        raise refused(
            found=f"levels of '{contrast.variable}' compared with each other, not their change",
            expected=f"a comparison of labels of the timepoint column '{roles.visit}'",
            action=f"Remove the contrast; whether levels change differently is asked by {{by: {role}}} in questions.",
        )
    if roles.patient not in contrast.blocking:
        raise refused(
            found=f"no blocking by patient: {listed(contrast.blocking) or 'none'}",
            expected=f"blocking by '{roles.patient}': each patient is compared with themself",
            action=f"Write blocking: {roles.patient}, or use a program for unpaired groups.",
        )
    further = [name for name in contrast.blocking if name != roles.patient]
    if further:
        action = "Leave it out of blocking; what is constant in a patient is part of the patient."
        raise refused(
            found=f"blocking by {listed(further)} as well",
            expected=f"blocking by '{roles.patient}' alone",
            action=action,
        )
    return compared(contrast.reference, contrast.target, roles)


def _need_no_exclusion(contrast: Contrast, roles: Roles) -> None:
    """Pass samples that take no part anyway; nothing else can be left out of one question alone."""
    column, *labels = contrast.excluded or ("",)
    if column and not (column == roles.visit and set(labels) <= set(roles.others)):
        raise refused(
            found=f"samples left out by '{column}': {listed(labels)}",
            expected="the same samples in every question",
            action="Name other visits under study.timepoints.others, or remove the rows from the sheet.",
        )
