"""One's own study before a run: what the sheet holds, and what the check says."""

from __future__ import annotations

from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dermshift.errors import ConfigError, DermshiftError, Problem
from dermshift.notebook.folder import find
from dermshift.notebook.tables import as_table
from dermshift.notebook.tables import findings as verdicts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dermshift.notebook.shown import Table

SHOWN = 6
"""Different values of a column that are spelt out."""


def sheet_columns(path: str) -> Table:
    """Return the columns of a sample sheet and their values: some column is the patient, another the visit."""
    import pandas as pd

    from dermshift.io.excel import read_table

    grid = read_table(str(_found(path)))
    frame = pd.DataFrame(grid.rows, columns=grid.header, dtype=object)
    records = [
        {"column": name, "different values": values.nunique(), "values": _listed(values.unique().tolist())}
        for name, values in frame.items()
    ]
    return as_table(pd.DataFrame(records), numeric=("different values",))


def _listed(values: list[Any]) -> str:
    more = ", ..." if len(values) > SHOWN else ""
    return ", ".join(map(str, values[:SHOWN])) + more


@dataclass(frozen=True, repr=False)
class Checked:
    """What `check` saw: every problem, or the findings and the questions that can be answered."""

    problems: tuple[Problem, ...]
    findings: Table | None = None
    questions: Table | None = None

    def _repr_html_(self) -> str:
        from markupsafe import escape

        if self.problems:
            return "".join(f"<pre>{escape(problem)}</pre>" for problem in self.problems)
        shown = [table for table in (self.questions, self.findings) if table is not None]
        return "".join(table._repr_html_() for table in shown)

    def __repr__(self) -> str:
        return "\n\n".join(map(str, self.problems)) or f"{self.questions!r}\n\n{self.findings!r}"


def check(config: str, change: Mapping[str, Any] | None = None) -> Checked:
    """Check a configuration, its files and its questions, as ``make check`` does; nothing is written.

    Parameters
    ----------
    config
        Path as it is typed in the project's folder, e.g. ``config/mine.yaml``; the paths in it are seen from there.
    change
        Values to try instead of those in the file, in the same nesting, e.g.
        ``{"study": {"columns": {"patient": "donor"}}}``.
    """
    from dermshift.cli.examine import inspect
    from dermshift.config.read import validate
    from dermshift.config.text import read_yaml

    found = _found(config)
    try:
        with chdir(found.parents[len(Path(config).parts) - 1]):
            known = validate(_merged(read_yaml(Path(config)), change or {}), config)
            findings, designs, problems = inspect(known)
    except DermshiftError as error:
        return Checked(error.problems)
    if problems:
        return Checked(tuple(dict.fromkeys(problems)))
    return Checked((), verdicts(vars(finding) for finding in findings), _questions(designs))


def _questions(designs: list[Any]) -> Table:
    from dermshift.design import design_card
    from dermshift.notebook.tables import models

    return models([design_card(design) for _, design in designs])


def _merged(values: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(values)
    for key, value in change.items():
        old = both.get(key)
        both[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return both


def _found(path: str) -> Path:
    found = find(Path(path))
    if found is None:
        raise ConfigError(Problem(path, "no such file", "a file of the project", "Correct the path."))
    return found.absolute()
