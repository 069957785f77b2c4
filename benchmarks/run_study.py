"""Time and peak memory of a whole run: ``python benchmarks/run_study.py config/airway.yaml [more.yaml]``.

Runs each study into an empty temporary folder with all cores, then a second time with everything up to date, and
prints one Markdown row per study. Memory is the largest sum of resident sizes over the whole process tree, sampled
ten times a second.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import yaml


def resident(pid: int) -> float:
    """Return the resident size of a process and its descendants, in MB."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return sum(member.memory_info().rss for member in family if member.is_running()) / 1e6
    except psutil.NoSuchProcess:
        return 0.0


def measure(command: list[str]) -> tuple[float, float]:
    """Run a command; return seconds and peak MB.

    Raises
    ------
    SystemExit
        The command failed.
    """
    start, peak = time.monotonic(), 0.0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, resident(process.pid))
        time.sleep(0.1)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return time.monotonic() - start, peak


def row(config: Path) -> str:
    """Return the Markdown row of one study."""
    with tempfile.TemporaryDirectory() as folder:
        settings = yaml.safe_load(config.read_text()) | {"out": folder}
        copy = Path(folder) / config.name
        copy.write_text(yaml.safe_dump(settings))
        command = [sys.executable, "-m", "dermshift", "run", str(copy)]
        seconds, peak = measure(command)
        again, _ = measure(command)
        size = (Path(folder) / settings["study"]["name"] / "bundle.zip").stat().st_size / 1e6
    return f"| `{config}` | {seconds:.0f} s | {again:.1f} s | {peak:.0f} MB | {size:.1f} MB |"


if __name__ == "__main__":
    print("| study | first run | second run | peak memory | bundle |\n|---|---|---|---|---|")
    for name in sys.argv[1:]:
        print(row(Path(name)), flush=True)
