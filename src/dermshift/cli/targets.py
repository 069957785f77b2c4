"""What a run is about: one configuration, or a table of them, each checked by itself."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dermshift.errors import DermshiftError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dermshift.checks import Finding
    from dermshift.workflow.locks import Place

TargetPath = Annotated[
    Path, typer.Argument(metavar="CONFIG", help="Configuration (YAML), or a table of several studies (TSV).")
]
TABLE = (".tsv", ".txt")


@dataclass(frozen=True)
class Checked:
    """One study of a run.

    Parameters
    ----------
    config, role, label
        As in the table; a study that runs alone has no role, and its file stands for it.
    place
        Where its results go; None where not even that could be read.
    values
        What the workflow needs to know; None where the study cannot be run.
    warnings
        Findings that are no errors.
    problems
        Why it cannot be run.
    fault
        A fault of ours while it was checked.
    """

    config: Path
    role: str = ""
    label: str = ""
    place: Place | None = None
    values: dict[str, Any] | None = None
    warnings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    fault: str = ""


def is_table(target: Path) -> bool:
    """Tell a table of studies from a configuration, by its ending."""
    return target.suffix.lower() in TABLE


def checked(target: Path, code: Mapping[str, str]) -> list[Checked]:
    """Check every study of a target, several side by side; what is wrong with one does not stop the others.

    Parameters
    ----------
    code
        Fingerprint of every stage.

    Raises
    ------
    DermshiftError
        The table itself is wrong.
    """
    lines = [Checked(target, label=str(target))]
    if is_table(target):
        from dermshift.config.studies import read_studies

        lines = [Checked(line.config, line.role, line.label) for line in read_studies(target)]
    check = partial(_checked, code=code)
    if len(lines) == 1:
        return [check(lines[0])]
    with ProcessPoolExecutor(min(len(lines), os.cpu_count() or 1)) as pool:
        return list(_apart(pool.map(check, lines)))


def _checked(line: Checked, code: Mapping[str, str]) -> Checked:
    from dermshift.cli.examine import passed
    from dermshift.cli.options import ask_text
    from dermshift.config import read_config
    from dermshift.workflow.locks import Place
    from dermshift.workflow.settings import Plan, settings

    try:
        config = read_config(line.config)
        place = Place(config.spec.name, Path(config.out) / config.spec.name)
        line = replace(line, place=place)
        result = passed(config)
        plan = Plan.of(result.config, [(ask_text(ask), design) for ask, design in result.designs])
        warnings = tuple(finding for finding in result.findings if finding.verdict == "warning")
        return replace(line, values=settings(result.config, plan, code), warnings=warnings)
    except DermshiftError as error:
        return replace(line, problems=error.problems)
    except Exception as fault:  # noqa: BLE001 -- the other studies go on
        return replace(line, fault=f"{type(fault).__name__}: {fault}")


def _apart(studies: Iterator[Checked]) -> Iterator[Checked]:
    """Name studies of one name by their folders."""
    seen: set[str] = set()
    for study in studies:
        if study.place and study.place.name in seen:
            place = replace(study.place, name=study.place.folder.as_posix())
            study = replace(study, place=place, values=study.values and study.values | {"name": place.name})
        if study.place:
            seen.add(study.place.name)
        yield study


def board_of(target: Path, studies: Sequence[Checked]) -> Place | None:
    """Return where the board of a table goes; None where there are not two studies, or one of them cannot be run."""
    from dermshift.workflow.locks import Place

    places = [study.place for study in studies if study.values and study.place]
    if len(studies) < 2 or len(places) < len(studies):
        return None
    return Place(f"board {target.stem}", places[0].folder.parent / f"{target.stem}.board")


def workflow_values(studies: Sequence[Checked], board: Place | None, code: Mapping[str, str]) -> dict[str, Any]:
    """Return what the workflow needs to know of the studies that can be run, and of their board."""
    from dermshift.workflow.settings import board_settings, run_settings

    able = [(study.role, study.label, study.values) for study in studies if study.values]
    return run_settings([values for *_, values in able], board_settings(board, able, code) if board else None)


def need_all(studies: Sequence[Checked]) -> None:
    """Refuse a run in which no study can be run.

    Raises
    ------
    DermshiftError
        With the problems of every study.
    """
    faults = [study.fault for study in studies if study.fault]
    if any(study.values for study in studies) or faults:
        return
    raise DermshiftError(*dict.fromkeys(problem for study in studies for problem in study.problems))
