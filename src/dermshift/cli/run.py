"""``dermshift run``: check everything, then start the workflow."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dermshift.cli.targets import TargetPath, board_of, checked, is_table, need_all, workflow_values

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dermshift.cli.targets import Checked
    from dermshift.workflow.locks import Place

Cores = Annotated[
    str | None,
    typer.Option(
        help="Cores to use, a number or all: of this machine, or of one job of a cluster. [default: the profile's]"
    ),
]
Profile = Annotated[str, typer.Option(help="Where it runs: local, slurm, or a folder with a Snakemake config.yaml.")]
LOCAL = "local"
Dry = Annotated[bool, typer.Option("--dry-run", help="Say what would run, and run nothing.")]


def run(config: TargetPath, cores: Cores = None, profile: Profile = LOCAL, dry_run: Dry = False) -> None:
    """Check everything, then run whatever is out of date: load, test, enrich, plot, report, bundle."""
    from dermshift.workflow.start import GENES, steps_start_loaded

    start = time.monotonic()
    with ExitStack() as stack:
        here = profile == LOCAL and not dry_run  # steps elsewhere cannot be copies of a process on this machine
        steps = stack.enter_context(steps_start_loaded()) if here else None
        # It loads its libraries while this process loads its own.
        from dermshift.cli.outcome import report
        from dermshift.workflow import runner
        from dermshift.workflow.fingerprint import fingerprints
        from dermshift.workflow.locks import locked
        from dermshift.workflow.progress import Progress

        where = runner.profile_folder(profile)
        runner.need_cores(cores)
        code = fingerprints()
        studies = checked(config, code)
        need_all(studies)
        introduce(studies)
        places = [study.place for study in studies if study.values and study.place]
        if not places:
            report(config, studies, Progress(), time.monotonic() - start)
        if board := board_of(config, studies):
            places.append(board)
        if steps:
            shared = [study.values["shared"] for study in studies if study.values]
            steps.expect(GENES, (values["genes"] for values in shared if values["genes"]))
        inherited = stack.enter_context(locked(places))
        values = workflow_values(studies, board, code) | {"grouped": profile != LOCAL}
        settings = prepare(config, places[0], values)
        if not dry_run:
            mend(places)
        call = runner.command(settings, where, cores, dry=dry_run)
        log = settings.with_suffix(".plan.log" if dry_run else ".log")
        environment, made = (steps.environment, steps.made) if steps else ({}, None)
        progress = runner.run(call, log, places, inherited=inherited, environment=environment, made=made)
    if dry_run and not progress.failed:
        print(f"{progress.total} steps would run" if progress.total else "nothing to be done")
        return
    report(config, studies, progress, time.monotonic() - start, board)


def introduce(studies: Sequence[Checked]) -> None:
    """Print the warnings of each study, and of several studies which cannot be run."""
    from dermshift.cli.check import print_findings

    for study in studies:
        if len(studies) > 1 and (study.warnings or not study.values):
            print(f"{study.label}:" if study.values else f"{study.label}: cannot be run, see below")
        print_findings(study.warnings)


def prepare(target: Path, place: Place, values: dict[str, Any]) -> Path:
    """Write the settings of the workflow (only if they changed) and return their path."""
    from dermshift.io.atomic import write_bytes
    from dermshift.workflow.settings import as_json

    path = place.kept("json")
    if is_table(target):
        path = path.with_name(f"{target.stem}.studies.json")
    content = as_json(values)
    if not path.is_file() or path.read_bytes() != content:
        write_bytes(content, path)
    return path


def mend(places: Sequence[Place]) -> None:
    """Remove files that were lost or damaged since they were made, so that they are made again, and say so.

    Files that are dated ahead of the clock are dated back.
    """
    from dermshift.workflow.seals import Seals

    for place in places:
        seals = Seals.of(place)
        if seals.past():
            print(f"{place.name}: its files are dated ahead of the clock, which was set back; they are dated back")
        for name in seals.mend():
            print(f"{place.name}: {name} is not what it was when it was made: made again")
