"""The process that has the libraries loaded: steps are its copies, and behave like commands of their own."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from dermshift.workflow.ask import SOCKET
from dermshift.workflow.start import KEEP_MEMORY, ONE_THREAD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SERVE = """
import sys, time, dermshift.cli, dermshift.loaded as loaded
loaded.LOADED = ()
def work():
    print(os.getpid(), flush=True)
    time.sleep(60)
import os
if sys.argv[2] == "slow":
    dermshift.cli.main = work
loaded.serve(sys.argv[1])
"""


@contextmanager
def serving(folder: Path, kind: str) -> Iterator[subprocess.Popen[bytes]]:
    address = str(folder / "steps")
    with subprocess.Popen([sys.executable, "-c", SERVE, address, kind], stdin=subprocess.PIPE) as server:
        until(lambda: (folder / "steps").exists())
        yield server
        server.stdin.close()
        assert server.wait(timeout=20) == 0


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def step(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dermshift", *words],
        env={**os.environ, SOCKET: str(folder / "steps"), "DERMSHIFT_STEP": "trial: a step"},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_output_folder_and_exit_code_are_those_of_the_command(tmp_path: Path) -> None:
    with serving(tmp_path, "quick"):
        done = step(tmp_path, "show", "readers")
        said, logged = done.communicate(timeout=60)
        assert (done.returncode, "featurecounts" in said) == (0, True)
        assert f"step: trial: a step\nfolder: {tmp_path}\nrepeat: dermshift show readers\n" in logged
        assert "MB at most" in logged
        wrong = step(tmp_path, "check", "nowhere.yaml")
        _, logged = wrong.communicate(timeout=60)
        assert wrong.returncode == 2
        assert "nowhere.yaml" in logged


def test_steps_run_side_by_side_and_end_with_whoever_asked(tmp_path: Path) -> None:
    with serving(tmp_path, "slow"):
        asked = [step(tmp_path, "load") for _ in range(2)]
        copies = [int(one.stdout.readline()) for one in asked]
        assert len({*copies, *(one.pid for one in asked)}) == 4
        asked[0].kill()
        until(lambda: gone(copies[0]))
        assert not gone(copies[1])
        asked[1].terminate()
        until(lambda: gone(copies[1]))
        for one in asked:
            one.communicate(timeout=20)


def test_a_copy_that_is_killed_is_a_step_that_failed(tmp_path: Path) -> None:
    with serving(tmp_path, "slow"):
        asked = step(tmp_path, "load")
        os.kill(int(asked.stdout.readline()), signal.SIGKILL)
        _, logged = asked.communicate(timeout=20)
        assert asked.returncode == 1
        assert "ended from outside, or ran out of memory" in logged


def test_where_nobody_listens_the_step_is_done_at_once(tmp_path: Path) -> None:
    done = step(tmp_path, "show", "readers")
    said, _ = done.communicate(timeout=60)
    assert (done.returncode, "featurecounts" in said) == (0, True)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the settings are those of the GNU C library")
def test_an_array_takes_the_memory_that_another_left() -> None:
    code = """
import resource, numpy as np
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
np.ones(2_000_000)
before = faults()
for _ in range(20):
    np.ones(2_000_000)
print(faults() - before)
"""
    kept = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **KEEP_MEMORY}, capture_output=True, text=True, check=True
    )
    assert int(kept.stdout) < 20 * 2_000_000 * 8 / 4096 / 10


@pytest.mark.slow
def test_what_is_loaded_runs_no_thread_that_a_copy_would_miss() -> None:
    code = """
import importlib, glob
from dermshift.loaded import LOADED
for name in LOADED:
    importlib.import_module(name)
print(*sorted(open(one).read().strip() for one in glob.glob('/proc/self/task/*/comm')))
"""
    threads = dict.fromkeys(ONE_THREAD, "1")
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **threads}, capture_output=True, text=True, check=False
    )
    # pyarrow's allocator has a thread of its own, and starts it anew in every copy.
    assert set(done.stdout.split()) <= {"python", "python3", "jemalloc_bg_thd"}, done.stderr
