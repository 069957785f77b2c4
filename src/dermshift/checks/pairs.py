"""Every patient has exactly one sample before and one after, and one sex."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.checks.finding import Finding, capped, counted, judged, listed, nearest
from dermshift.errors import Problem
from dermshift.names import COMPARTMENT, PATIENT, SEX, TIMEPOINT

if TYPE_CHECKING:
    from dermshift.checks.views import SheetView

MINIMUM_PAIRS = 3
"""Fewer complete pairs than this leave no response to estimate."""


@dataclass(frozen=True)
class Pair:
    """Samples of one patient (and compartment), which `place` names in words."""

    patient: str
    place: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def samples(self) -> tuple[str, ...]:
        """All samples, before first."""
        return self.before + self.after

    @property
    def complete(self) -> bool:
        """Whether both sides have a sample."""
        return bool(self.before and self.after)


def pairs_of(view: SheetView, visit: str = "") -> list[Pair]:
    """Return one `Pair` per patient (and compartment, where the study has any), sorted by name.

    Parameters
    ----------
    visit
        The label after; by default that of the main visit.
    """
    keys = [key for key in (PATIENT, COMPARTMENT) if key in view.frame]
    columns = zip(view.cells("sample"), view.cells(TIMEPOINT), *(view.cells(key) for key in keys), strict=True)
    groups: dict[tuple[str, ...], tuple[list[str], list[str]]] = {}
    labels = (view.spec.timepoints.before, visit or view.spec.timepoints.after)
    for sample, timepoint, *names in columns:
        if timepoint in labels:
            groups.setdefault(tuple(names), ([], []))[labels.index(timepoint)].append(sample)
    return [
        Pair(names[0], ", ".join(f"{key} '{name}'" for key, name in zip(keys, names, strict=True)), *map(tuple, sides))
        for names, sides in sorted(groups.items())
    ]


def check_no_doubled_samples(view: SheetView) -> Finding:
    """No patient (and compartment) has two samples of one timepoint: one patient, one vote."""
    timepoints = view.spec.timepoints
    problems = [
        Problem(
            f"{view.spec.samples}, {pair.place}",
            f"{len(samples)} samples at '{label}': {listed(samples)}",
            "one sample per patient, timepoint and compartment",
            "Keep one of them, or add the counts of technical repeats before loading.",
        )
        for visit in timepoints.visits
        for pair in pairs_of(view, visit)
        for label, samples in ((timepoints.before, pair.before), (visit, pair.after))
        if len(samples) > 1 and not (label == timepoints.before and visit != timepoints.after)
    ]
    return judged("no_doubled_samples", problems, "no patient has two samples of the same timepoint")


def check_pairs_complete(view: SheetView) -> Finding:
    """Each patient (and compartment) has both samples; else it is refused, or left out where the config says so."""
    first, visits = view.spec.timepoints.before, view.spec.timepoints.visits
    pairs = {visit: pairs_of(view, visit) for visit in visits}
    lone = {visit: [pair for pair in found if not pair.complete] for visit, found in pairs.items()}
    absent = [visit for visit in visits[1:] if not any(pair.after for pair in pairs[visit])]
    problems = [_nobody(view, visit) for visit in absent]
    problems += [
        Problem(
            f"{view.spec.samples}, {pair.place}",
            f"only {listed(pair.samples)}; the sample at '{visit if pair.before else first}' is missing",
            f"one sample at '{first}' and one at '{visit}'",
            "Add the missing sample, remove the patient, or set missing_pairs: drop to leave the sample out.",
        )
        for visit in visits
        for pair in (lone[visit] if visit not in absent else ())
    ]
    fine = "; ".join(_complete(visit, pairs[visit], lone[visit], several=len(visits) > 1) for visit in visits)
    if problems and view.spec.missing_pairs == "drop":
        text = "; ".join([fine, *(_left(visit, lone[visit], visits) for visit in visits if lone[visit])])
        return Finding("pairs_complete", "warning", text, tuple(capped(problems)))
    return judged("pairs_complete", problems, fine, fine)


def _nobody(view: SheetView, visit: str) -> Problem:
    labels = sorted(set(view.cells(TIMEPOINT)))
    where = f"{view.spec.samples}, column '{view.spec.columns.get(TIMEPOINT, TIMEPOINT)}'"
    found = f"no sample at '{visit}'{nearest(visit, labels)}; it has {listed(map(repr, labels))}"
    action = "Correct the label under study.timepoints, or leave it out there."
    return Problem(where, found, f"samples at '{visit}', as study.timepoints says", action)


def _complete(visit: str, pairs: list[Pair], lone: list[Pair], *, several: bool) -> str:
    counted = f"{len(pairs) - len(lone)} of {len(pairs)} complete pairs"
    return f"{visit}: {counted}" if several else counted


def _left(visit: str, lone: list[Pair], visits: tuple[str, ...]) -> str:
    """Say which questions do without whom: a patient without a further visit still answers those of the main one."""
    left = listed((sample for pair in lone for sample in pair.samples), 50)
    if visit == visits[0]:
        return f"in no question{' of this visit' if len(visits) > 1 else ''}: {left}"
    return f"not in the questions by timepoint, for lack of '{visit}': {listed(pair.place for pair in lone)}"


def check_enough_pairs(view: SheetView) -> Finding:
    """At least three patients have a complete pair."""
    patients = sorted({pair.patient for pair in pairs_of(view) if pair.complete})
    fine = f"{counted(len(patients), 'patient')} with a complete pair"
    if len(patients) >= MINIMUM_PAIRS:
        return Finding("enough_pairs", "ok", fine)
    problem = Problem(
        view.spec.samples,
        f"{fine}{': ' if patients else ''}{listed(patients)}",
        f"at least {MINIMUM_PAIRS}",
        "Add patients; with fewer pairs a response and its error cannot be told apart.",
    )
    return judged("enough_pairs", [problem], fine, fine)


def check_constant_in_patient(view: SheetView) -> Finding:
    """Sex, and what else patients are broken down by, does not change inside a patient."""
    columns = sorted(({SEX} | view.asked) & set(view.frame) - {COMPARTMENT, TIMEPOINT, PATIENT})
    problems = []
    for column in columns:
        for patient, group in view.frame.groupby(PATIENT, sort=True):
            if group[column].nunique() > 1:
                cells = listed(f"{sample} = {cell}" for sample, cell in group[column].items())
                where = f"{view.spec.samples}, column '{view.spec.columns.get(column, column)}', patient '{patient}'"
                problems.append(Problem(where, cells, "one value per patient", "Correct the sheet."))
    checked = (
        f"{', '.join(columns)} the same in all samples of a patient" if columns else "no patient-level column in use"
    )
    return judged("constant_in_patient", problems, checked)
