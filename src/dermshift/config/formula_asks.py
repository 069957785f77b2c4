"""Contrasts stated as a formula and its coefficients: the few models this program fits, and no other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dermshift.checks.finding import listed
from dermshift.config.formula import parse_formula, r_name
from dermshift.config.roles import compared, refused
from dermshift.design.question import Ask
from dermshift.names import SAFE_ID

if TYPE_CHECKING:
    from dermshift.config.contrasts import Contrast
    from dermshift.config.formula import Formula
    from dermshift.config.roles import Roles


def of_formula(contrast: Contrast, roles: Roles) -> Ask:
    """Return the question of a contrast with a formula; raise `roles.Refused` for one this program does not fit."""
    try:
        formula = parse_formula(contrast.formula)
    except ValueError as error:
        expected = "names of columns joined by +, : or *, and (1 | patient)"
        raise refused(
            found=f"the term {str(error)!r} in {contrast.formula!r}", expected=expected, action="Rewrite the formula."
        ) from None
    level = _level_column(formula, roles)
    if not level:
        return _blocked(_coefficient(contrast.coefficient, roles), formula)
    _need_change_of(contrast.coefficient, level, roles)
    return _blocked(Ask(by=roles.role(level)), formula)


def _blocked(ask: Ask, formula: Formula) -> Ask:
    return Ask(ask.by, block="random") if formula.blocks else ask


def _level_column(formula: Formula, roles: Roles) -> str:
    """Return the column whose levels the change may differ between, "" for none."""
    patient, visit = roles.patient, roles.visit
    columns = sorted({name for term in formula.terms for name in term} - {patient, visit})
    level = next((name for name in columns if frozenset({name, visit}) in formula.terms), "")
    terms = [{patient}, {visit}] + ([{level}, {level, visit}, {level, patient}] if level else [])
    wrong = sorted(":".join(sorted(term)) for term in formula.terms if set(term) not in terms)
    wrong += sorted(f"(1 | {name})" for name in formula.blocks - {patient})
    expected = f"{patient} + {visit}, {patient} + {visit}:COLUMN, or (1 | {patient}) in the place of {patient}"
    if wrong:
        raise refused(
            found=f"the term {listed(map(repr, wrong))}",
            expected=expected,
            action="Remove the term: the model has no place for it.",
        )
    fixed = any(patient in term for term in formula.terms)
    if fixed == bool(formula.blocks):
        found = "the patient both fixed and random" if fixed else f"no patient in the model: '{formula}'"
        raise refused(
            found=found, expected=expected, action=f"Name '{patient}' once: each patient is compared with themself."
        )
    if not level and frozenset({visit}) not in formula.terms:
        raise refused(found=f"no timepoint in the model: '{formula}'", expected=expected, action=f"Add '{visit}'.")
    if level and not SAFE_ID.fullmatch(roles.role(level)):
        raise refused(
            found=f"the column '{level}'", expected="letters, digits, '.', '_' and '-'", action="Rename the column."
        )
    return level


def _coefficient(text: str, roles: Roles) -> Ask:
    """Return the question of one visit against the first, or of one minus an earlier one."""
    named = {r_name(f"{roles.visit}{label}"): label for label in (roles.timepoints.before, *roles.timepoints.visits)}
    target, *rest = (part.strip() for part in text.split(" - "))
    reference = rest[0] if rest else r_name(f"{roles.visit}{roles.timepoints.before}")
    if len(rest) > 1 or target not in named or reference not in named:
        expected = f"a coefficient such as {r_name(f'{roles.visit}{roles.timepoints.after}')}, or one minus another"
        raise refused(
            found=f"make_contrasts_str {text!r}",
            expected=expected,
            action="Correct it; study.timepoints names the visits.",
        )
    return compared(named[reference], named[target], roles)


def _need_change_of(text: str, level: str, roles: Roles) -> None:
    """Refuse what is no coefficient (or difference of two) of the main visit, alone or at a level of a column."""
    visit = re.escape(r_name(f"{roles.visit}{roles.timepoints.after}"))
    label = rf"{re.escape(r_name(level))}[A-Za-z0-9._]+"
    one = rf"(?:{visit}|{visit}[.:]{label}|{label}[.:]{visit})"
    if not re.fullmatch(rf"{one}(\s+-\s+{one})?", text.strip()):
        expected = f"coefficients of '{roles.timepoints.after}' such as {r_name(roles.visit + roles.timepoints.after)}."
        expected += f"{r_name(level)}LEVEL, one or one minus another"
        action = "Correct it: the change at every level and every difference of changes is what can be asked."
        raise refused(found=f"make_contrasts_str {text!r}", expected=expected, action=action)
