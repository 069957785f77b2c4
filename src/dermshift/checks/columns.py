"""The sheet has the columns the config names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.checks.finding import Finding, judged, listed, nearest
from dermshift.errors import Problem
from dermshift.names import CUMULATIVE_MG_PER_KG, DERIVED, DOSING, MAPPED, PATIENT, ROLES, TIMEPOINT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dermshift.study import StudySpec

CHECK = "sheet_columns"


def check_columns(spec: StudySpec, asked: frozenset[str], header: Sequence[str]) -> Finding:
    """Every mapped column exists, once; patient and timepoint are mapped; so is what the questions break down by."""
    problems = [*_mapped(spec, header), *_required(spec, asked, header)]
    mapped = ", ".join(f"{role} = '{column}'" for role, column in spec.columns.items())
    return judged(CHECK, problems, f"columns found: {mapped or 'none mapped'}; sheet has {listed(header)}")


def _mapped(spec: StudySpec, header: Sequence[str]) -> Iterator[Problem]:
    for role, column in spec.columns.items():
        where = f"columns: {role}"
        if role not in ("sample", *MAPPED):
            expected = f"one of sample, {', '.join(MAPPED)}"
            yield Problem(where, f"unknown role '{role}'", expected + nearest(role, MAPPED), "Correct the role.")
        elif column not in header:
            expected = f"a column of {spec.samples}: {listed(header, 20)}"
            found = f"no column '{column}'{nearest(column, header)}"
            yield Problem(f"{where} ({spec.samples})", found, expected, "Correct the name in the config or the sheet.")
    columns = list(spec.columns.values())
    for column in sorted({name for name in columns if columns.count(name) > 1}):
        roles = ", ".join(role for role, name in spec.columns.items() if name == column)
        found = f"column '{column}' for {roles}"
        yield Problem("columns", found, "one role per column", "Give each role its own column of the sheet.")


def _required(spec: StudySpec, asked: frozenset[str], header: Sequence[str]) -> Iterator[Problem]:
    for role in (PATIENT, TIMEPOINT):
        if role not in spec.columns:
            found = f"no column named for {role}{nearest(role, header)}"
            yield Problem("columns", found, f"{role}: <column of the sheet>", f"Name the {role} column in the config.")
    for name in sorted(asked):
        if name in spec.columns:
            continue
        known = name in header and name not in ROLES and name not in spec.columns.values()
        if not known:
            found = f"a question by '{name}', and no such column{nearest(name, [*spec.columns, *header])}"
            expected = f"a mapped role ({', '.join(spec.columns)}) or another column of {spec.samples}"
            action = f"Map '{name}' under columns, or drop the question."
            if name in header and name in ROLES:
                found = f"a question by '{name}'; the column '{name}' is there, but columns gives it no role"
                action = f"Write '{name}: {name}' under columns, or drop the question."
            if name in DERIVED:
                found = f"a question by '{name}', which follows from doses, and no doses"
                expected = f"columns for {listed(DOSING if name == CUMULATIVE_MG_PER_KG else DOSING[:3])}"
                action = f"Map them under columns, or drop the question by '{name}'."
            yield Problem("questions", found, expected, action)
