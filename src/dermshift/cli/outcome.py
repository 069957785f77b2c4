"""What a run says at its end, and leaves for ``dermshift show status``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from dermshift.errors import EXIT_INPUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.cli.targets import Checked
    from dermshift.workflow.locks import Place
    from dermshift.workflow.progress import Progress, Step

REPEAT = re.compile(r"^repeat: (.+)$", re.MULTILINE)
SHOWN = 5000
"""Characters of a log that are shown."""


def report(
    target: Path, studies: Sequence[Checked], progress: Progress, seconds: float, board: Place | None = None
) -> None:
    """Print what became of each study; exit unless all is well.

    Raises
    ------
    typer.Exit
        Code 2 where all that is wrong is input, else 1.
    """
    failed = progress.failed
    keep([study.place for study in studies if study.values and study.place] + ([board] if board else []), failed)
    for step in failed:
        _show(step)
    refused = [study for study in studies if not study.values]
    for study in refused:
        typer.echo(f"\n{study.label}: cannot be run\n", err=True)
        typer.echo("\n\n".join(map(str, study.problems)) or f"a fault of ours: {study.fault}", err=True)
    if len(studies) > 1 and refused:
        typer.echo("\nNo board: it stands on every study of the table.", err=True)
    did = f"{progress.done} steps in {seconds:.0f} s" if progress.total else "nothing to be done"
    broken = {step.study for step in failed}
    if failed or refused:
        typer.echo(f"\n{target}: {did}; {_counts(studies, broken)}", err=True)
        raise typer.Exit(_code(failed, refused))
    print(f"{target}: {did}" if len(studies) == 1 else f"{target}: {did}; {_counts(studies, broken)}")
    for study in studies:
        if study.place:
            print(f"report: {study.place.folder / 'report.html'}\nbundle: {study.place.folder / 'bundle.zip'}")
    if board:
        print(f"board: {board.folder / 'board.html'}")


def keep(places: Sequence[Place], failed: Sequence[Step]) -> None:
    """Keep which steps of each study failed last, with their logs; a study of which none did keeps none."""
    from dermshift.io.json_files import write_json

    for place in places:
        own = [{"step": step.title, "log": step.log} for step in failed if step.study in (place.name, "snakemake")]
        if own:
            write_json(own, place.kept("failed.json"))
        else:
            place.kept("failed.json").unlink(missing_ok=True)


def repeat(log: str) -> str:
    """Return the command that repeats the step of a log; "" where the log does not say."""
    found = REPEAT.search(_text(log))
    return found[1] if found else ""


def _show(step: Step) -> None:
    """Print why a step failed: what its log says after the line of time and memory, or else its end."""
    text = _text(step.log)
    told = text.rpartition("\ntook: ")[2].partition("\n")[2] if "\ntook: " in text else ""
    typer.echo(f"\n{step.title}: failed; its log {step.log or '(none)'} says:\n{(told or text)[-SHOWN:]}", err=True)


def _text(log: str) -> str:
    path = Path(log)
    return path.read_text(encoding="utf-8", errors="replace") if log and path.is_file() else ""


def _counts(studies: Sequence[Checked], broken: set[str]) -> str:
    able = [study.place.name for study in studies if study.values and study.place]
    whole = len(able) if not broken else sum(name not in broken and "snakemake" not in broken for name in able)
    rest = [f"{len(able) - whole} failed", f"{len(studies) - len(able)} cannot be run"]
    return ", ".join([f"{whole} of {len(studies)} studies done", *(part for part in rest if part[0] != "0")])


def _code(failed: Sequence[Step], refused: Sequence[Checked]) -> int:
    ours = any(study.fault for study in refused)
    input_wrong = all("with the input\n" in _text(step.log) for step in failed)
    return EXIT_INPUT if input_wrong and not ours else 1
