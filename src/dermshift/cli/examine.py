"""Config, study and questions checked together, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.errors import DermshiftError

if TYPE_CHECKING:
    from pathlib import Path

    from dermshift.checks import Finding
    from dermshift.config import Config
    from dermshift.design import Ask
    from dermshift.design.model import Design
    from dermshift.errors import Problem
    from dermshift.study import Study


@dataclass(frozen=True)
class Result:
    """A configuration that passed: its findings, and the designs of every line of its questions."""

    config: Config
    findings: tuple[Finding, ...]
    designs: list[tuple[Ask, Design]]


def examined(path: Path) -> Result:
    """Read a configuration and check everything it names.

    Raises
    ------
    DermshiftError
        With every problem of the files, the sheet and the questions.
    """
    from dermshift.config import read_config

    config = read_config(path)
    findings, designs, problems = inspect(config)
    if problems:
        raise DermshiftError(*dict.fromkeys(problems))
    return Result(config, findings, designs)


def inspect(config: Config) -> tuple[tuple[Finding, ...], list[tuple[Ask, Design]], list[Problem]]:
    """Check a configuration without raising; return findings, designs and every problem."""
    from dermshift import io
    from dermshift.design import plan

    seen = io.examine(config.spec, config.asked)
    problems = [problem for finding in seen.findings for problem in finding.problems if finding.verdict == "error"]
    sheet = seen.study.sheet if seen.study else seen.sheet
    designs: list[tuple[Ask, Design]] = []
    if sheet is None:
        return seen.findings, designs, problems
    for ask in dict.fromkeys(config.asks):
        try:
            designs += [(ask, design) for design in plan(sheet, config.spec.timepoints, [ask])]
        except DermshiftError as error:
            problems += error.problems
    return seen.findings, designs, problems + (named(config, seen.study) if seen.study else [])


def named(config: Config, study: Study) -> list[Problem]:
    """Return the problems of configured genes and gene sets."""
    from dermshift import io
    from dermshift.cli.test import flagged
    from dermshift.enrich.base import need_unique_names

    problems: list[Problem] = []
    try:
        flagged(study, [f"{name}={role}" for role, name in config.genes.items()], config.spec.genes)
    except DermshiftError as error:
        problems += error.problems
    sets = []
    for path in config.gene_sets:
        try:
            sets += io.read_gmt(path)
        except DermshiftError as error:
            problems += error.problems
    try:
        need_unique_names(sets)
    except DermshiftError as error:
        problems += error.problems
    return problems
