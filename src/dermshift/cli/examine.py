"""Config, study and questions checked together, before anything is written."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.errors import DermshiftError, Problem
from dermshift.names import PATIENT, TIMEPOINT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pandas as pd

    from dermshift.checks import Finding
    from dermshift.config import Config
    from dermshift.design import Ask
    from dermshift.design.model import Design
    from dermshift.genes import GeneSet
    from dermshift.study import Scale


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

    return passed(read_config(path))


def passed(config: Config) -> Result:
    """Check everything a configuration names; errors as from `examined`."""
    findings, designs, problems = inspect(config)
    if problems:
        raise DermshiftError(*dict.fromkeys(problems))
    return Result(config, findings, designs)


def inspect(config: Config) -> tuple[tuple[Finding, ...], list[tuple[Ask, Design]], list[Problem]]:
    """Check a configuration without raising; return findings, designs and every problem."""
    from dermshift import io

    seen = io.examine(config.spec, config.asked)
    problems = _unsafe_paths(config)
    problems += [problem for finding in seen.findings for problem in finding.problems if finding.verdict == "error"]
    sheet = seen.sheet
    # Without its patients and visits no question has an answer, and the sheet's own check has said so.
    plannable = sheet is not None and {PATIENT, TIMEPOINT} <= set(sheet)
    designs, unanswerable = _designs(config, sheet) if sheet is not None and plannable else ([], [])
    problems += unanswerable + _gene_sets(config)
    problems += _families(config)
    problems += _engine(config, seen.scale, [design for _, design in designs]) + _genes(config, seen.genes)
    return seen.findings, designs, problems


def _designs(config: Config, sheet: pd.DataFrame) -> tuple[list[tuple[Ask, Design]], list[Problem]]:
    from dermshift.design import plan

    designs: list[tuple[Ask, Design]] = []
    problems: list[Problem] = []
    for ask in dict.fromkeys(config.asks):
        with _collecting(problems):
            designs += [(ask, design) for design in plan(sheet, config.spec.timepoints, [ask])]
    return designs, problems


def _engine(config: Config, scale: Scale | None, designs: Iterable[Design]) -> list[Problem]:
    """Refuse an engine that does not model the scale, options it does not read, and blocks it does not know."""
    from dermshift import engines
    from dermshift.engines.base import need_scale
    from dermshift.engines.gate import need_one_fit
    from dermshift.engines.options import need_options

    problems: list[Problem] = []
    if scale is None:
        return problems
    with _collecting(problems):
        meta = engines.resolve(config.analysis.engine, scale).meta
        with _collecting(problems):
            need_scale(meta, config.study.name, scale)
        with _collecting(problems):
            need_options(meta, config.analysis.options)
        for design in designs:
            with _collecting(problems):
                need_one_fit(meta, [design])
    return problems


def _genes(config: Config, annotation: pd.DataFrame | None) -> list[Problem]:
    from dermshift.cli.test import flagged

    problems: list[Problem] = []
    if annotation is not None:
        with _collecting(problems):
            flagged(annotation, [f"{name}={role}" for role, name in config.genes.items()], config.spec.genes)
    return problems


def _gene_sets(config: Config) -> list[Problem]:
    from dermshift import io
    from dermshift.genes import need_unique_names

    problems: list[Problem] = []
    sets: list[GeneSet] = []
    for path in config.set_files:
        with _collecting(problems):
            sets += io.read_gmt(path)
    with _collecting(problems):
        need_unique_names(sets)
    return problems + _evidence(config, [one.name for one in sets])


def _evidence(config: Config, known: list[str]) -> list[Problem]:
    """Refuse a set named under ``evidence`` that no file of ``gene_sets`` holds, and unreadable anchors."""
    from difflib import get_close_matches
    from pathlib import Path

    from dermshift import io
    from dermshift.evidence_names import ANCHOR_COLUMNS

    problems: list[Problem] = []
    anchors = config.evidence.anchors
    if anchors and not Path(anchors).is_file():
        action = "Correct the path, or leave anchors out."
        problems.append(
            Problem("config, key 'evidence': anchors", f"no file {anchors}", "a table of statements", action)
        )
    elif anchors:
        with _collecting(problems):
            io.read_table(anchors, ANCHOR_COLUMNS)
    for name in config.evidence.sets:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            action = f"Did you mean {near[0]}?" if near else "Correct the name, or add its file to gene_sets."
            problems.append(
                Problem(f"config, key 'evidence': {name}", "no such gene set", "a set of gene_sets", action)
            )
    return problems


def _families(config: Config) -> list[Problem]:
    """Refuse a family of figures that does not exist."""
    from dermshift.cli.plot import unknown_families

    return unknown_families(config.figures.families, "config, key 'figures':")


def _unsafe_paths(config: Config) -> list[Problem]:
    from dermshift import io

    spec = config.spec
    matrix = io.inputs_of(spec.matrix) if set(spec.matrix).isdisjoint("{}") else [spec.matrix]
    named = (spec.genes, spec.sex_genes, spec.probes, spec.transcripts, spec.regimens)
    paths = (*matrix, spec.samples, *named, config.out, *config.set_files)
    action = "Rename the file or folder: the workflow reads braces as a pattern."
    return [
        Problem(f"path '{path}'", "a brace", "a path without { and }", action)
        for path in paths
        if set(path) & set("{}")
    ]


@contextmanager
def _collecting(problems: list[Problem]) -> Iterator[None]:
    """Add the problems of a refusal to the list instead of stopping at it."""
    try:
        yield
    except DermshiftError as error:
        problems += error.problems
