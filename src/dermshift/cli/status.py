"""``dermshift show status``: which studies are done, failed, stale or at work, without running anything."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dermshift.cli.targets import TargetPath, board_of, checked, need_all, workflow_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.workflow.locks import Place

PACKED, PAGE = "bundle.zip", "board.html"


def status(config: TargetPath) -> None:
    """Say of each study of a configuration or a table whether it is done, failed, stale or at work; run nothing."""
    from dermshift.workflow.fingerprint import fingerprints

    code = fingerprints()
    studies = checked(config, code)
    if not config.is_file():  # nothing of a study is known: no state, but a wrong argument
        need_all(studies)
    board = board_of(config, studies)
    waiting = due(workflow_values(studies, board, code))
    for study in studies:
        if study.values and study.place:
            tell(study.place, waiting[study.place.name], PACKED)
        else:
            reason = study.fault or f"{study.problems[0].where}: {study.problems[0].found}"
            print(f"{'refused':>8}  {study.place.name if study.place else study.label}: {reason}")
    if board:
        tell(board, waiting[board.name], PAGE)


def tell(place: Place, steps: int, last: str) -> None:
    """Print the state of one study, or of a board; `last` is the file that is made last."""
    from dermshift.cli.outcome import repeat
    from dermshift.workflow.locks import busy
    from dermshift.workflow.seals import Seals

    lost, failed = Seals.of(place).damaged(), failures(place)
    word = "at work" if busy(place.kept("lock")) else state(place.folder / last, steps, failed, lost)
    left = f"{steps} step{'s' if steps > 1 else ''} to run" if steps else "nothing to run"
    print(f"{word:>8}  {place.name}: {left}")
    for name in lost:
        print(f"          {name} is not what it was when it was made: it and what stands on it will be made again")
    for step in failed:
        print(f"          {step['step']} failed; log: {step['log']}; to repeat it: {repeat(step['log'])}")


def due(values: dict[str, Any]) -> Counter[str]:
    """Return how many steps of each study would run now, as Snakemake says."""
    from dermshift.workflow import runner
    from dermshift.workflow.progress import Step
    from dermshift.workflow.settings import as_json

    if not values["studies"]:
        return Counter()
    with tempfile.TemporaryDirectory(prefix="dermshift-") as folder:
        settings = Path(folder) / "settings.json"
        settings.write_bytes(as_json(values))
        call = runner.command(settings, runner.profile_folder("local"), "1", dry=True)
        progress = runner.run(call, Path(folder) / "snakemake.log", quiet=True)
    return Counter(Step(title).study for title in progress.planned)


def failures(place: Place) -> list[dict[str, str]]:
    """Return the steps that failed when the study ran last."""
    from dermshift.io.json_files import read_json

    path = place.kept("failed.json")
    found: list[dict[str, str]] = read_json(path) if path.is_file() else []
    return found


def state(last: Path, steps: int, failed: Sequence[object], lost: Sequence[str]) -> str:
    """Return one word for a study whose last file is `last`."""
    if not steps and not lost:
        return "done"
    if failed:
        return "failed"
    return "stale" if last.is_file() or lost else "to do"
