"""Flags that several verbs share; values come in here, never from a config file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dermshift.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.design import Ask
    from dermshift.engines import EngineOptions

Folder = Annotated[Path, typer.Option("--out", help="Folder of the study, e.g. results/example.")]
Asks = Annotated[
    list[str],
    typer.Option("--ask", help="response, or by=COLUMN, slope=COLUMN, within=COLUMN, block=random joined by commas."),
]
Genes = Annotated[str, typer.Option("--genes", help="TSV of known genes; empty for none.")]
SexGenes = Annotated[str, typer.Option("--sex-genes", help="TSV of sex-linked genes; empty for none.")]
Alpha = Annotated[float, typer.Option("--alpha", help="False discovery rate.")]
Seed = Annotated[int, typer.Option("--seed", help="Seed of everything random.")]
ConfigPath = Annotated[Path, typer.Argument(metavar="CONFIG", help="Configuration, YAML.")]


BLOCKS = ("fixed", "random")
Choices = Annotated[
    list[str], typer.Option("--option", help="NAME=VALUE of the model, e.g. reference=normal; repeat for several.")
]
EngineName = Annotated[str, typer.Option("--engine", help="auto, or one that `dermshift show engines` lists.")]


def engine_options(texts: Sequence[str], **others: object) -> EngineOptions:
    """Read the values of ``--option``.

    Parameters
    ----------
    others
        Options that have a flag of their own.

    Raises
    ------
    ConfigError
        With every unknown name and every value outside its range.
    """
    from pydantic import TypeAdapter, ValidationError

    from dermshift.engines import EngineOptions

    given = dict(pair(text, "--option") for text in texts)
    known = EngineOptions().record()
    expected = f"one of {', '.join(known)}"
    problems = [Problem("--option", name, expected, "Correct the name.") for name in given if name not in known]
    try:
        options: EngineOptions = TypeAdapter(EngineOptions).validate_python(given | others)
    except ValidationError as error:
        problems += [
            Problem(f"--option {detail['loc'][0]}", repr(detail["input"]), detail["msg"], "Correct the value.")
            for detail in error.errors()
        ]
    if problems:
        raise ConfigError(*problems)
    return options


def ask_text(ask: Ask) -> str:
    """Write a question line as the value of ``--ask``."""
    block = ask.block if ask.block == "random" else ""
    keys = (("by", ask.by), ("slope", ask.slope), ("within", ask.within), ("block", block))
    parts = [f"{key}={value}" for key, value in keys if value]
    return ",".join(parts) or "response"


def parse_ask(text: str) -> Ask:
    """Read the value of ``--ask``.

    Raises
    ------
    ConfigError
        The text is none of the three forms.
    """
    from dermshift.design import Ask  # brings pandas along

    if text == "response":
        return Ask()
    parts = dict(pair(part, "--ask") for part in text.split(","))
    block = parts.pop("block", "fixed")
    one = len({"by", "slope"} & set(parts))
    if set(parts) - {"by", "slope", "within"} or one > 1 or one < ("within" in parts) or block not in BLOCKS:
        expected = "response, or by=COLUMN (or slope=COLUMN), within=COLUMN, block=random joined by commas"
        raise ConfigError(Problem("--ask", text, expected, "Correct the flag."))
    return Ask(**parts, block="random" if block == "random" else "fixed")


def pair(text: str, flag: str, *, last: bool = False) -> tuple[str, str]:
    """Split ``key=value`` at its first equals sign, or its last.

    Raises
    ------
    ConfigError
        There is no equals sign, or nothing on one side of it.
    """
    key, _, value = text.rpartition("=") if last else text.partition("=")
    if not key or not value:
        raise ConfigError(Problem(flag, text, "KEY=VALUE", "Correct the flag."))
    return key, value
