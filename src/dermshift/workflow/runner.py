"""Starting Snakemake: generated settings, a lock that dies with its process, and readable progress."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dermshift.errors import ConfigError, Problem
from dermshift.workflow.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator


def snakefile() -> Path:
    """Return the workflow that belongs to this code.

    Raises
    ------
    ConfigError
        The package was installed without its repository.
    """
    places = [Path(__file__).resolve().parents[3], Path.cwd()]
    for place in places:
        if (place / "workflows" / "Snakefile").is_file():
            return place / "workflows" / "Snakefile"
    raise ConfigError(
        Problem(
            "workflows/Snakefile",
            "no such file",
            "the workflow beside the package",
            "Run from a clone of the repository.",
        )
    )


def command(settings: Path, cores: str, *, dry: bool) -> list[str]:
    """Return the Snakemake call as a list of arguments; no shell is involved."""
    workflow = snakefile()
    call = [sys.executable, "-m", "snakemake", "--snakefile", str(workflow)]
    call += ["--profile", str(workflow.parent / "profiles" / "local"), "--workflow-profile", "none"]
    call += ["--configfile", str(settings), "--cores", cores, "--directory", str(Path.cwd())]
    return [*call, "--dry-run"] if dry else call


def run(settings: Path, logs: Path, cores: str, *, dry: bool = False) -> Progress:
    """Run the workflow, printing one line per step; Snakemake's own output goes to ``logs/snakemake.log``.

    Returns
    -------
    Progress
        Its ``failed`` names the rules that failed; ``["snakemake"]`` where Snakemake itself did.
    """
    progress = Progress()
    logs.mkdir(parents=True, exist_ok=True)
    with locked(settings.with_suffix(".lock")) as lock, (logs / "snakemake.log").open("w", encoding="utf-8") as log:
        # The child inherits the lock, so it is held for as long as any step may still write.
        with subprocess.Popen(  # noqa: S603 -- a list of our own arguments, no shell
            command(settings, cores, dry=dry),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            pass_fds=(lock,),
            env={**os.environ, "PYTHONHASHSEED": "0"},
        ) as child:
            for text in child.stdout or ():
                log.write(text)
                if shown := progress.line(text, time.monotonic()):
                    print(shown, flush=True)  # noqa: T201 -- progress is for the terminal
        if child.returncode and not progress.failed:
            progress.failed.append("snakemake")
    return progress


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold an advisory lock on `path`; the kernel frees it when the holder ends, however it ends.

    Raises
    ------
    ConfigError
        Another run holds it.
    """
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            action = "Wait for the other run to end, or stop it."
            problem = Problem(str(path), "another run of this study", "one run at a time", action)
            raise ConfigError(problem) from error
        yield handle.fileno()
