"""Starting Snakemake: generated settings in, readable progress out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from dermshift.errors import ConfigError, Problem
from dermshift.shipped import SHIPPED
from dermshift.workflow.progress import Progress, Step
from dermshift.workflow.seals import Seals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dermshift.workflow.locks import Place


def snakefile() -> Path:
    """Return the workflow that belongs to this code: in a clone the top-level ``workflows/``, else the wheel's copy.

    Raises
    ------
    ConfigError
        The workflow is missing, as where symbolic links of the repository became text files.
    """
    found = (SHIPPED / "workflows" / "Snakefile").resolve()
    if found.is_file():
        return found
    remedy = "Install the wheel, or clone the repository."
    raise ConfigError(Problem(str(found), "no such file", "the workflow of the package", remedy))


def profile_folder(name: str) -> Path:
    """Return the folder of a profile: one of ``workflows/profiles`` by its name, or any by its path.

    Raises
    ------
    ConfigError
        Neither exists.
    """
    known = snakefile().parent / "profiles"
    for folder in (known / name, Path(name)):
        if (folder / "config.yaml").is_file():
            return folder.resolve()
    names = ", ".join(sorted(path.name for path in known.iterdir()))
    raise ConfigError(
        Problem(
            f"--profile {name}",
            "no such profile",
            f"one of {names}, or a folder with config.yaml",
            "Name one of these, or copy workflows/profiles/slurm and name your copy.",
        )
    )


def need_cores(cores: str | None) -> None:
    """Raise ConfigError for what is no number of cores."""
    if cores is None or cores == "all" or (cores.isascii() and cores.isdigit() and int(cores)):
        return
    raise ConfigError(
        Problem(
            f"--cores {cores}", "no number of cores", "a whole number from 1, or all", "Leave it out, or correct it."
        )
    )


def command(settings: Path, profile: Path, cores: str | None, *, dry: bool = False) -> list[str]:
    """Return the Snakemake call as a list of arguments; no shell is involved."""
    call = [sys.executable, "-m", "snakemake", "--snakefile", str(snakefile())]
    call += ["--profile", str(profile), "--workflow-profile", "none"]
    call += ["--configfile", str(settings), "--directory", str(Path.cwd())]
    if cores is not None:
        call += ["--cores", cores]
    return [*call, "--dry-run"] if dry else call


def run(
    call: Sequence[str],
    log: Path,
    places: Sequence[Place] = (),
    *,
    inherited: Sequence[int] = (),
    environment: Mapping[str, str] | None = None,
    made: Callable[[Sequence[Path]], object] | None = None,
    quiet: bool = False,
) -> Progress:
    """Run Snakemake, printing one line per step; its own output goes to the file `log`.

    Parameters
    ----------
    places
        Studies whose files are sealed as they are made.
    inherited
        Descriptors Snakemake and its steps keep open: the locks, so that they are held for as long as any step may
        still write.
    made
        Called with the files of a step that is done, where they are sealed.

    Returns
    -------
    Progress
        Its ``failed`` names the steps that failed; ``snakemake`` alone where Snakemake itself did.
    """
    progress, by_name = Progress(), {place.name: Seals.of(place) for place in places}
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("w", encoding="utf-8") as kept,
        subprocess.Popen(  # noqa: S603 -- a list of our own arguments, no shell
            call,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            pass_fds=tuple(inherited),
            env={**os.environ, "PYTHONHASHSEED": "0", **(environment or {})},
        ) as child,
    ):
        for text in child.stdout or ():
            kept.write(text)
            shown = progress.line(text, time.monotonic())
            if (seals := by_name.get(Step(progress.finished).study)) and progress.finished:
                files = seals.seal()
                if made:
                    made(files)
            if shown and not quiet:
                print(shown, flush=True)  # noqa: T201 -- progress is for the terminal
    if child.returncode and not progress.failed:
        progress.failures["snakemake"] = Step("snakemake", str(log))
    return progress
