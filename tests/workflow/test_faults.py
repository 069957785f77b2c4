"""After every fault the next run completes, and its bundle is that of an undisturbed run, byte for byte."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "dermshift", "run", "config.yaml", "--cores"]
HOUR = 3600


def bundle(folder: Path) -> bytes:
    return (folder / "results" / "tiny" / "bundle.zip").read_bytes()


@pytest.fixture
def copied(whole: Path, tmp_path: Path) -> Path:
    """Copy of the undisturbed run, with its dates."""
    return shutil.copytree(whole, tmp_path / "copy")


@contextlib.contextmanager
def started(folder: Path, cores: str = "2") -> Iterator[subprocess.Popen[str]]:
    """Start a run in a process group of its own."""
    with subprocess.Popen(
        [*COMMAND, cores],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as child:
        yield child


def wait_for(child: subprocess.Popen[str], *words: str) -> list[str]:
    """Read what the run says until a line ends with any of these; return what it said."""
    said = []
    for line in child.stdout:
        said.append(line)
        if line.rstrip().endswith(words):
            return said
    pytest.fail(f"the run never said {words!r}: {''.join(said)}")


def completes(dermshift, folder: Path, whole: Path) -> str:
    done = dermshift(folder, "run", "config.yaml", "--cores", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert bundle(folder) == bundle(whole)
    assert not list(folder.rglob("*.part"))
    return done.stdout


STAGES = (
    "load and check the study", "test response", "judge response", "test gene sets in response", "list the gene sets",
    "put the dossiers together", "draw the figures", "write the report", "write the workbook",
    "pack the bundle",
)  # fmt: skip


def test_kill_9_at_every_stage(tiny, tmp_path: Path, dermshift, whole: Path) -> None:
    folder, killed = tiny(tmp_path), []
    for place in range(len(STAGES)):
        with started(folder, cores="1") as child:  # one step at a time: whichever comes next is killed, once
            said = wait_for(child, *(f"tiny: {stage} ..." for stage in STAGES if stage not in killed))
            time.sleep(0.15 * (place % 3))
            os.killpg(child.pid, signal.SIGKILL)
        killed.append(said[-1].strip().removeprefix("tiny: ").removesuffix(" ..."))
        finished = [line for line in said if "/" in line.split(maxsplit=1)[0]]
        assert len(finished) <= 3, "a run after a kill did finished steps again"
    assert sorted(killed) == sorted(STAGES)
    completes(dermshift, folder, whole)


def descendants(pid: int, word: str) -> list[psutil.Process]:
    family = psutil.Process(pid).children(recursive=True)
    return [one for one in family if any(word in part for part in one.cmdline())]


def copies(pid: int) -> list[psutil.Process]:
    """Wait for a step of a run to start, and return the copies of the loaded process that do it."""
    while True:
        loaded = descendants(pid, "dermshift.loaded")
        known = {one.pid for one in loaded}
        if found := [one for one in loaded if one.ppid() in known]:
            return found
        time.sleep(0.02)


def at_work(folder: Path, stage: str) -> None:
    """Wait until a step that has started holds its lock: its log begins then."""
    while "repeat:" not in (folder / "results" / "tiny" / "logs" / f"{stage}.log").read_text():
        time.sleep(0.02)


def test_a_step_that_outlives_its_run_holds_the_next_one_back(copied: Path, dermshift, whole: Path) -> None:
    (copied / "results" / "tiny" / "figures" / "index.json").unlink()
    with started(copied) as child:
        wait_for(child, "tiny: draw the figures ...")
        steps = copies(child.pid)
        at_work(copied, "plot")
        for process in steps:
            process.suspend()
        snakemake = descendants(child.pid, "snakemake")
        child.kill()
        for process in snakemake:
            process.kill()
        refused = dermshift(copied, "run", "config.yaml")
        assert refused.returncode == 2
        assert "found:    a step of an earlier run, still at work" in refused.stderr
        for process in steps:
            process.resume()
        psutil.wait_procs(steps, timeout=120)
    completes(dermshift, copied, whole)


def test_a_step_that_is_killed_alone_fails_by_name_and_is_repeated(copied: Path, dermshift, whole: Path) -> None:
    (copied / "results" / "tiny" / "figures" / "index.json").unlink()
    with started(copied) as child:
        wait_for(child, "tiny: draw the figures ...")
        found = copies(child.pid)
        at_work(copied, "plot")
        for process in found:
            process.kill()
        said, _ = child.communicate(timeout=120)
    assert child.returncode == 1
    assert "FAIL  tiny: draw the figures" in said
    assert "results/tiny/logs/plot.log" in said
    shown = dermshift(copied, "show", "status", "config.yaml").stdout
    assert " failed  tiny" in shown
    assert "draw the figures failed; log: results/tiny/logs/plot.log; to repeat it: dermshift plot --out=" in shown
    completes(dermshift, copied, whole)


def test_truncated_files_of_every_kind_are_made_again(copied: Path, dermshift, whole: Path) -> None:
    results = copied / "results" / "tiny"
    for path in [*results.rglob("*"), *(copied / ".snakemake" / "metadata").rglob("*")]:
        if path.is_file() and path.parent.name != "logs":
            os.truncate(path, path.stat().st_size // 2)
    said = completes(dermshift, copied, whole)
    for name in ("study.h5ad", "tables/response.sets.tsv", "figures/volcano_response.png", "bundle.zip"):
        assert f"{name} is not what it was when it was made: made again" in said


def test_one_truncated_intermediate_alone_is_made_again(copied: Path, dermshift, whole: Path) -> None:
    os.truncate(copied / "results" / "tiny" / "tables" / "response.tsv", 1000)
    said = completes(dermshift, copied, whole)
    assert "load and check" not in said
    assert "tiny: test response" in said


def test_two_runs_at_once(copied: Path, dermshift, whole: Path) -> None:
    (copied / "results" / "tiny" / "report.html").unlink()
    with started(copied) as child:
        wait_for(child, "tiny: write the report ...")
        steps = copies(child.pid)
        for process in steps:
            process.suspend()
        second = dermshift(copied, "run", "config.yaml")
        for process in steps:
            process.resume()
        child.communicate(timeout=300)
    assert child.returncode == 0
    assert second.returncode == 2
    assert "found:    another run of this study" in second.stderr
    completes(dermshift, copied, whole)


def later(folder: Path, seconds: int) -> None:
    """Date every file as by a clock that stood so much ahead."""
    for path in folder.rglob("*"):
        date = path.stat().st_mtime_ns + seconds * 10**9
        os.utime(path, ns=(date, date))


def keep_fewer(folder: Path) -> None:
    """Change the configuration so that the fit and all that follows is out of date."""
    text = (folder / "config.yaml").read_text()
    changed = text.replace("genes: {mediator", "analysis: {min_count: 30}\ngenes: {mediator")
    (folder / "config.yaml").write_text(changed)


def test_a_clock_set_back_between_and_within_runs(copied: Path, tiny, tmp_path: Path, dermshift, whole: Path) -> None:
    later(copied, HOUR)
    assert "nothing to be done" in completes(dermshift, copied, whole)

    keep_fewer(copied)
    with started(copied) as child:  # the new tables bear dates an hour before all that is to be made of them
        wait_for(child, "tiny: judge response ...")
        os.killpg(child.pid, signal.SIGKILL)
    fresh = tiny(tmp_path / "fresh")
    keep_fewer(fresh)
    assert dermshift(fresh, "run", "config.yaml", "--cores", "2").returncode == 0
    assert bundle(fresh) != bundle(whole)
    completes(dermshift, copied, fresh)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB of its own; skips where none may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no file system may be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)


def need_message(done: subprocess.CompletedProcess[str], words: str) -> None:
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert words in said
    assert all(part in said for part in ("found:", "expected: room to write", "do:"))
    assert "Traceback" not in done.stderr


def test_a_disk_that_is_read_only_then_full_then_neither(small_disk: Path, tiny, dermshift, whole: Path) -> None:
    folder = tiny(small_disk)
    remount(folder, "ro")
    need_message(dermshift(folder, "run", "config.yaml"), "Read-only file system")
    remount(folder, "rw")
    assert not (folder / "results").exists()
    need_message(dermshift(folder, "run", "config.yaml", "--cores", "2"), "No space left on device")
    remount(folder, "size=500m")
    completes(dermshift, folder, whole)


def test_files_that_may_not_grow(tiny, tmp_path: Path, dermshift, whole: Path) -> None:
    folder = tiny(tmp_path)
    limited = ["bash", "-c", 'ulimit -f 64; exec "$@"', "-", *COMMAND, "2"]
    done = subprocess.run(limited, cwd=folder, capture_output=True, text=True, check=False, timeout=600)
    need_message(done, "File too large")
    completes(dermshift, folder, whole)
