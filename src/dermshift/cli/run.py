"""``dermshift run``: check everything, then start the workflow."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dermshift.cli.options import ConfigPath, ask_text

if TYPE_CHECKING:
    from dermshift.cli.examine import Result

Cores = Annotated[str, typer.Option(help="Cores to use: a number or all.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Say what would run, and run nothing.")]


def run(config: ConfigPath, cores: Cores = "all", dry_run: Dry = False) -> None:
    """Check everything, then run whatever is out of date: load, test, enrich, plot, report, bundle."""
    from dermshift.cli.check import print_findings
    from dermshift.cli.examine import examined
    from dermshift.workflow import runner

    start = time.monotonic()
    result = examined(config)
    print_findings(finding for finding in result.findings if finding.verdict == "warning")
    folder, settings = prepare(result)
    progress = runner.run(settings, folder / "logs", cores, dry=dry_run)
    if progress.failed:
        fail(folder / "logs", progress.failed)
    if dry_run:
        print(f"{progress.total} steps would run" if progress.total else "nothing to be done")
        return
    did = f"{progress.done} steps in {time.monotonic() - start:.0f} s" if progress.total else "nothing to be done"
    print(f"{config}: {did}\nreport: {folder / 'report.html'}\nbundle: {folder / 'bundle.zip'}")


def prepare(result: Result) -> tuple[Path, Path]:
    """Write the generated settings (only if they changed) and return the study's folder and the settings file."""
    from dermshift.io.atomic import write_bytes
    from dermshift.workflow.settings import Plan, as_json, settings

    plan = Plan.of(result.config, [(ask_text(ask), design) for ask, design in result.designs])
    folder = Path(plan.folder)
    path = folder.parent / ".dermshift" / f"{folder.name}.json"
    content = as_json(settings(result.config, plan))
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_bytes() != content:
        write_bytes(content, path)
    return folder, path


def fail(logs: Path, rules: list[str]) -> None:
    """Print the log of every rule that failed and exit with the code its messages call for.

    Raises
    ------
    typer.Exit
        Code 2 where every failing step said the input is wrong, else 1.
    """
    texts = {}
    for rule in rules:
        path = logs / f"{rule}.log"
        texts[path] = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        typer.echo(f"\n{path}:\n{texts[path][-5000:]}", err=True)
    input_wrong = all("with the input\n" in text for text in texts.values())
    raise typer.Exit(2 if input_wrong else 1)
