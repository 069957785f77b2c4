"""``dermshift show status``: which studies are done, failed, stale or at work, without running anything."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from dermshift.cli.targets import TargetPath, checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.cli.targets import Checked

PACKED = "bundle.zip"


def status(config: TargetPath) -> None:
    """Say of each study of a configuration or a table whether it is done, failed, stale or at work; run nothing."""
    from dermshift.cli.outcome import repeat
    from dermshift.workflow.locks import busy

    studies = checked(config)
    waiting = due([study for study in studies if study.values])
    for study in studies:
        place = study.place
        if place is None or study.values is None:
            reason = study.fault or f"{study.problems[0].where}: {study.problems[0].found}"
            print(f"{'refused':>8}  {place.name if place else study.label}: {reason}")
            continue
        steps, lost = waiting[place.name], damaged(study)
        failed = failures(study)
        print(f"{state(study, steps, failed, lost, at_work=busy(place.kept('lock'))):>8}  {place.name}: {_left(steps)}")
        for name in lost:
            print(f"          {name} is not what it was when it was made")
        for step in failed:
            print(f"          {step['step']} failed; log: {step['log']}; to repeat it: {repeat(step['log'])}")


def due(studies: Sequence[Checked]) -> Counter[str]:
    """Return how many steps of each study would run now, as Snakemake says."""
    from dermshift.workflow import runner
    from dermshift.workflow.progress import Step
    from dermshift.workflow.settings import as_json, run_settings

    if not studies:
        return Counter()
    with tempfile.TemporaryDirectory(prefix="dermshift-") as folder:
        settings = Path(folder) / "settings.json"
        settings.write_bytes(as_json(run_settings([study.values for study in studies if study.values])))
        call = runner.command(settings, runner.profile_folder("local"), "1", dry=True)
        progress = runner.run(call, Path(folder) / "snakemake.log", quiet=True)
    return Counter(Step(title).study for title in progress.planned)


def damaged(study: Checked) -> list[str]:
    """Return the files of a study that a run would make again because they were lost or damaged."""
    from dermshift.workflow.seals import Seals

    return Seals.of(study.place).damaged() if study.place else []


def failures(study: Checked) -> list[dict[str, str]]:
    """Return the steps that failed when the study ran last."""
    from dermshift.io.json_files import read_json

    path = study.place.kept("failed.json") if study.place else None
    found: list[dict[str, str]] = read_json(path) if path and path.is_file() else []
    return found


def state(study: Checked, steps: int, failed: Sequence[object], lost: Sequence[str], *, at_work: bool) -> str:
    """Return one word for a study that can be run."""
    if at_work:
        return "at work"
    if not steps and not lost:
        return "done"
    if failed:
        return "failed"
    packed = study.place is not None and (study.place.folder / PACKED).is_file()
    return "stale" if packed or lost else "to do"


def _left(steps: int) -> str:
    return "nothing to run" if not steps else f"{steps} step{'s' if steps > 1 else ''} to run"
