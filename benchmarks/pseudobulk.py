"""Seconds and memory of summing single cells, beside merely reading the file: ``python benchmarks/pseudobulk.py``.

Wall time with the file in the page cache, and CPU time, which says more on a busy machine. Synthetic atlases
(`pseudobulk_make.py`) are written into ``--folder`` one after the other and deleted. Every way runs in a process of its
own, start-up and imports included; ``--ways`` leaves some out, as what reads a whole atlas into memory must be where
memory is short. ``--keep`` uses a file that is there and leaves it.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
WAYS = ("plain read", "dermshift", "scanpy", "decoupler")


def measure(way: str, path: Path) -> tuple[float, float, float, str]:
    """Return seconds, CPU seconds, peak memory in MB, and why there is no measurement ("" where there is)."""
    with path.open("rb") as handle:
        while handle.read(2**24):  # into the page cache, for every way alike
            pass
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as complaints:
        command = [sys.executable, str(HERE / "pseudobulk_one.py"), way, str(path)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=complaints)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        complaints.seek(0)
        last = (complaints.read().strip().splitlines() or [""])[-1]
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6  # the system's units differ
    failed = f"exit {process.returncode}: {last}" if process.returncode else ""
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, peak, failed


def compare(cells: int, asked: argparse.Namespace) -> None:
    """Make one atlas and print its table."""
    path = Path(asked.folder) / f"atlas_{cells}.h5ad"
    if not (asked.keep and path.is_file()):
        subprocess.run([sys.executable, str(HERE / "pseudobulk_make.py"), str(path), str(cells)], check=True)
    try:
        print(f"\n## {cells:,} cells x 20,000 genes, {path.stat().st_size / 1e6:,.0f} MB on disk, 240 pseudobulks\n")
        print("| | seconds | times reading | CPU seconds | times reading | peak memory |\n|---|---|---|---|---|---|")
        base: tuple[float, float] | None = None
        for way in asked.ways:
            if way in ("scanpy", "decoupler") and importlib.util.find_spec(way) is None:
                print(f"| {way} | not installed | | | | |")
                continue
            seconds, work, peak, failed = measure(way, path)
            base = base or (seconds, work)
            row = f"{seconds:.1f} | {seconds / base[0]:.2f} | {work:.1f} | {work / base[1]:.2f} | {peak:,.0f} MB"
            print(f"| {way} | {failed or row} |", flush=True)
    finally:
        if not asked.keep:
            path.unlink(missing_ok=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=WAYS)
    parser.add_argument("--folder", default=tempfile.gettempdir())
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    for size in arguments.cells:
        compare(size, arguments)
