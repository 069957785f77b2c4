"""The typer application: every verb, in the order of the stages."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Annotated

import typer

from dermshift import __version__
from dermshift.cli import DEBUG
from dermshift.cli.board import board
from dermshift.cli.bundle import bundle
from dermshift.cli.check import check
from dermshift.cli.dossier import dossier
from dermshift.cli.enrich import enrich
from dermshift.cli.enriched import enriched
from dermshift.cli.evidence import evidence
from dermshift.cli.example import example
from dermshift.cli.fetch import fetch
from dermshift.cli.load import load
from dermshift.cli.plot import plot
from dermshift.cli.pseudobulk import pseudobulk, pseudobulk_add
from dermshift.cli.report import report
from dermshift.cli.run import run
from dermshift.cli.sheet import sheet
from dermshift.cli.show import show
from dermshift.cli.simulate import simulate
from dermshift.cli.test import test
from dermshift.cli.verify import verify
from dermshift.cli.workbook import workbook

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer(
    name="dermshift",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for verb in (
    run,
    check,
    sheet,
    load,
    test,
    enrich,
    enriched,
    evidence,
    dossier,
    plot,
    report,
    workbook,
    bundle,
    verify,
    simulate,
    example,
    fetch,
    pseudobulk,
    pseudobulk_add,
    board,
):
    app.command(verb.__name__.replace("_", "-"))(verb)
app.add_typer(show, name="show")


@cache
def commands() -> Callable[[], object]:
    """Return the command line, to be called; it is made once, which takes a while."""
    return typer.main.get_command(app)


def _version(asked: bool) -> None:
    if asked:
        print(f"dermshift {__version__}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")]


@app.callback()
def common(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a fault.")] = False,
    version: Version = False,  # noqa: ARG001 -- answered by its callback
) -> None:
    """Paired before/after expression studies: which genes shifted in the same patient, in whom, and where."""
    if debug:
        os.environ[DEBUG] = "1"
