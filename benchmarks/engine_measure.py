"""Run one measurement of the engine benchmark in a process of its own.

This process stays small and imports no numerical library: what a parent holds counts towards the peak of its child.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Measured:
    """What one process reported, and its largest resident size."""

    seconds: list[float]
    first: float
    importing: float
    dispersions: str
    versions: str
    peak_mb: float


@dataclass(frozen=True)
class Failed:
    """Why there is no measurement."""

    reason: str


def measure(command: list[str], cache: str | None = None) -> Measured | Failed:
    """Run a command that ends with one line of JSON, compiled code kept in the folder `cache`."""
    environment = os.environ | ONE_THREAD | ({"XDG_CACHE_HOME": cache} if cache else {})
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        try:
            process = subprocess.Popen(command, stdout=out, stderr=err, env=environment)
        except OSError as error:
            return Failed(f"{command[0]}: {error.strerror}")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        written, complaint = out.read().strip(), err.read().strip()
    if process.returncode:
        return Failed(complaint.splitlines()[-1] if complaint else f"exit {process.returncode}")
    found = json.loads(written.splitlines()[-1])
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6  # the system's units differ
    return Measured(found["seconds"], found["first"], found["import"], found["dispersions"], versions, peak)


def script(name: str, *arguments: str) -> None:
    """Run another file of this folder; what it prints is printed.

    Raises
    ------
    subprocess.CalledProcessError
        It failed.
    """
    sys.stdout.flush()
    subprocess.run([sys.executable, str(Path(__file__).parent / name), *arguments], check=True)


def simulate(folder: str, **options: object) -> None:
    """Let `engine_simulate.py` write a study into a folder."""
    script(
        "engine_simulate.py", folder, *(text for name, value in options.items() for text in (f"--{name}", str(value)))
    )
