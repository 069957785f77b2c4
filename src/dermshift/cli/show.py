"""``dermshift show``: what there is to choose from, printed from the records in the code."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from dermshift.cli.options import ConfigPath  # noqa: TC001 -- typer reads annotations at run time
from dermshift.cli.status import status

if TYPE_CHECKING:
    from collections.abc import Iterable

show = typer.Typer(no_args_is_help=True, help="List readers, engines, checks, columns, questions, status of studies.")
show.command()(status)


@show.command()
def readers() -> None:
    """List the file formats that can be read."""
    from dermshift.io import READERS

    records(READERS)


@show.command()
def engines() -> None:
    """List the engines for differential expression."""
    from dermshift.engines import ENGINES

    records(engine.meta for engine in ENGINES)


@show.command()
def enrichment() -> None:
    """List the enrichment methods."""
    from dermshift.enrich import METHODS

    records(method.meta for method in METHODS)


@show.command()
def checks() -> None:
    """List the checks every study passes."""
    from dermshift.checks import MATRIX_CHECKS, SHEET_CHECKS

    for name, function in [(c.name, c.function) for c in SHEET_CHECKS] + [(c.name, c.function) for c in MATRIX_CHECKS]:
        print(f"{name}: {(function.__doc__ or '').strip().splitlines()[0]}")


@show.command()
def columns() -> None:
    """Print the columns of every table as Markdown; docs/output.md is made of it."""
    from dermshift.workflow.columns import markdown

    print(markdown())


@show.command()
def questions(config: ConfigPath) -> None:
    """List the questions a configuration asks, with the model behind each."""
    from dermshift.cli.examine import examined

    for _, design in examined(config).designs:
        question = design.question
        print(f"{question.id}: {question.title}; {design.n_pairs} patients, {design.residual_df} residual df")


def records(items: Iterable[object]) -> None:
    """Print one block per record: its name, then its other fields."""
    for item in items:
        fields = asdict(item)  # type: ignore[call-overload]
        print(fields.pop("name"))
        for key, value in fields.items():
            if value and not callable(value):
                text = ", ".join(map(str, value)) if isinstance(value, (tuple, list)) else value
                print(f"  {key.replace('_', ' ')}: {text}")
