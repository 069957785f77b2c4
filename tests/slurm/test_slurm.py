"""A study goes through a cluster on which a job runs out of memory, a job is cancelled and a node is lost."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

LIMIT = 1500
"""Seconds after which a run hangs: some ten times what one takes alone on two cores."""


@dataclass(frozen=True)
class Run:
    """A finished run: its folder, Slurm's jobs, Snakemake's log, and the jobs that were hit on purpose."""

    folder: Path
    jobs: dict[str, dict[str, str]]
    log: str
    cancelled: str
    orphaned: str


@pytest.fixture(scope="module")
def local(study, start, tmp_path_factory) -> Any:
    """Start the same study on this machine; return a function that waits for it."""
    folder = study(tmp_path_factory.mktemp("local"))
    with start(folder, "--cores", "1") as child:

        def finish() -> Path:
            assert child.wait(LIMIT) == 0, (folder / "out.txt").read_text()
            return folder

        yield finish


@pytest.fixture(scope="module")
def run(cluster, profile, study, start, local, tmp_path_factory) -> Run:
    """The study through the cluster, with all three faults."""
    from slurm_cluster import NODES
    from slurm_tools import call, until

    folder = study(tmp_path_factory.mktemp("cluster"))
    with start(folder, "--profile", str(profile)) as child:

        def at_work() -> list[str]:
            assert child.poll() is None, (folder / "out.txt").read_text()
            found = [cluster.at_work(node) for node in NODES]
            return found if all(found) else []

        orphaned, cancelled = until(at_work, "work on both nodes", LIMIT)
        call("scancel", cancelled)
        cluster.lose_node("n1")
        until(lambda: cluster.job(orphaned)["Restarts"] != "0", "the orphaned job to go back to the queue", 120)
        cluster.start_node("n1")
        assert child.wait(LIMIT) == 0, (folder / "out.txt").read_text()
    log = (folder / "results" / ".dermshift" / "study.log").read_text()
    return Run(folder, {job["JobId"]: job for job in cluster.jobs()}, log, cancelled, orphaned)


def slurm_logs(folder: Path, job: str) -> str:
    return "".join(path.read_text() for path in (folder / ".snakemake" / "slurm_logs").rglob(f"{job}.log"))


def jobs_of(run: Run, group: str) -> list[dict[str, str]]:
    found = [job for job in run.jobs.values() if job["Comment"].startswith(f"rule_{group}")]
    return sorted(found, key=lambda job: int(job["JobId"]))


def digests(folder: Path) -> dict[str, str]:
    results = folder / "results" / "study"
    files = (path for path in results.rglob("*") if path.is_file() and path.parent.name != "logs")
    return {str(path.relative_to(results)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_job_out_of_memory_is_killed_and_tried_again_with_more(run):
    first, second = jobs_of(run, "load")
    assert first["JobState"] in ("FAILED", "OUT_OF_MEMORY")
    assert "xceeded job memory limit" in slurm_logs(run.folder, first["JobId"])
    assert (first["MinMemoryNode"], second["MinMemoryNode"]) == ("250M", "1000M")
    assert second["JobState"] == "COMPLETED"


def test_a_cancelled_job_is_tried_again_with_twice_the_memory(run):
    hit = run.jobs[run.cancelled]
    assert hit["JobState"] == "CANCELLED"
    assert re.search(rf"Error in group fit\n +log: .*/{run.cancelled}\.log", run.log)
    assert re.search(r"^Trying to restart job [0-9a-f-]{36}\.$", run.log, re.MULTILINE), "a group goes by a UUID"
    again = [job for job in jobs_of(run, "fit_") if job["JobId"] not in (run.cancelled, run.orphaned)]
    assert [job["JobState"] for job in again] == ["COMPLETED"]
    assert int(again[0]["MinMemoryNode"][:-1]) == 2 * int(hit["MinMemoryNode"][:-1])


def test_the_job_of_a_lost_node_runs_again(run, cluster):
    assert "Nodes n1 not responding, setting DOWN" in (cluster.folder / "slurmctld.log").read_text()
    orphan = run.jobs[run.orphaned]
    assert int(orphan["Restarts"]) >= 1
    assert orphan["JobState"] == "COMPLETED"


def test_steps_travel_together(run):
    assert len(jobs_of(run, "fit_")) == 3, "one for each node, and one of them again"
    assert len(jobs_of(run, "finish_")) == 1


def test_every_file_has_the_bytes_of_a_local_run(run, local):
    assert digests(run.folder) == digests(local())


def test_a_local_run_finds_nothing_to_do_after_a_run_on_the_cluster(run, start):
    with start(run.folder, "--dry-run") as child:
        assert child.wait(LIMIT) == 0
    assert "nothing to be done" in (run.folder / "out.txt").read_text()
