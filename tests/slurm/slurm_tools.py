"""What the cluster needs of the system: its commands, free ports, and the processes of its jobs."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable


def node_of(process: psutil.Process) -> str:
    """Return the node of a process that belongs to a job of this cluster, "" for any other."""
    try:
        env = process.environ()
    except psutil.Error:
        return ""
    return env.get("SLURMD_NODENAME", "") if env.get("SLURM_CLUSTER_NAME") == "dermshift" else ""


def command_of(process: psutil.Process) -> str:
    """Return the command line of a process, "" where it has ended."""
    with suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def parent_of(process: psutil.Process) -> psutil.Process | None:
    """Return the parent of a process, None where one of both has ended."""
    with suppress(psutil.Error):
        return process.parent()
    return None


def kill(processes: list[psutil.Process]) -> None:
    """Kill processes; one that has ended is no error."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def call(*words: str) -> str:
    """Return what a Slurm command prints."""
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=30).stdout


def free_ports() -> tuple[int, int]:
    """Return a port for the controller and the first of two neighbours for the nodes, free at this moment."""
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.socket()) for _ in range(2)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return sockets[0].getsockname()[1], sockets[1].getsockname()[1]


def until(true: Callable[[], Any], what: str, seconds: float) -> Any:
    """Wait until something is true, and return it.

    Raises
    ------
    TimeoutError
        It was not, in time.
    """
    end = time.monotonic() + seconds
    while not (found := true()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.2)
    return found
