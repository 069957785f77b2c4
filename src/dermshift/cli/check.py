"""``dermshift check``: everything that can be known before a run, nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.cli.options import ConfigPath  # noqa: TC001 -- typer reads annotations at run time
from dermshift.errors import DermshiftError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dermshift.checks import Finding


def check(config: ConfigPath) -> None:
    """Check a configuration, its files and its questions; exit 2 if anything is wrong. Nothing is written."""
    from dermshift.checks.finding import counted
    from dermshift.cli.examine import inspect
    from dermshift.config import read_config

    findings, designs, problems = inspect(read_config(config))
    print_findings(findings)
    if problems:
        raise DermshiftError(*dict.fromkeys(problems))
    print(f"\n{counted(len(designs), 'question')} can be answered:")
    for _, design in designs:
        print(f"  {design.question.id}: {design.n_pairs} patients, {design.residual_df} residual df")
        for note in design.notes:
            print(f"    {note}")


def print_findings(findings: Iterable[Finding]) -> None:
    """Print one line per check."""
    for finding in findings:
        print(f"{finding.verdict:>7}  {finding.check}: {finding.evidence}")
