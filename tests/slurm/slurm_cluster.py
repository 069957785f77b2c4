"""A Slurm of two virtual nodes on the loopback: own key, own ports, in one folder but for /etc/slurm/slurm.conf.

It needs no cgroups. That one file cannot stand elsewhere: the executor takes SLURM_CONF out of a job's environment.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import psutil
from slurm_tools import call, command_of, free_ports, kill, node_of, parent_of, until

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scontrol", "scancel")
CONFIG = Path("/etc/slurm/slurm.conf")
LOCK = Path(tempfile.gettempdir()) / "dermshift-slurm.lock"
MARK = "# Two virtual nodes for the tests of dermshift; removed when they end.\n"
NODES = ("n1", "n2")

# Waits are cut to seconds: a node is lost after SlurmdTimeout, and a job of it may start again after cred_expire.
SETTINGS = """\
ClusterName=dermshift
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/%n.spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
SchedulerParameters=sched_interval=2,bf_interval=2
SlurmdParameters=config_overrides
SlurmdTimeout=10
MessageTimeout=5
ReturnToService=2
MinJobAge=3600
KillWait=2
NodeName=n[1-2] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{ports}] CPUs=1 RealMemory={memory}
PartitionName=main Nodes=n[1-2] Default=YES MaxTime=INFINITE
"""


def missing(lock: IO[str]) -> str:
    """Return why no cluster can be started here, "" where one can; then `lock` is held."""
    if os.geteuid() != 0:
        return "Slurm's daemons are started as root"
    lost = [name for name in PROGRAMS if shutil.which(name) is None]
    if lost:
        return f"Slurm is not installed (slurm-wlm, munge): no {', '.join(lost)}"
    if CONFIG.exists() and not CONFIG.read_text().startswith(MARK):
        return f"a Slurm is configured on this machine: {CONFIG}"
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return "another run of these tests has the one Slurm this machine can have"
    return ""


class Cluster:
    """A running cluster; a context, at whose end every daemon it started is gone.

    Parameters
    ----------
    folder
        Where keys, logs, sockets and the state of the daemons go.
    memory
        Memory of each node in MB, as Slurm is told.
    """

    def __init__(self, folder: Path, memory: int = 6000) -> None:
        self.folder = folder
        self.memory = memory
        self.daemons: dict[str, subprocess.Popen[bytes]] = {}
        self.ends = ExitStack()

    def __enter__(self) -> Cluster:
        with ExitStack() as undo:
            undo.callback(self._end)
            self._start()
            self.ends = undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.ends.close()

    def _start(self) -> None:
        (self.folder / "state").mkdir()
        CONFIG.parent.mkdir(parents=True, exist_ok=True)
        CONFIG.write_text(MARK + self._settings())
        self._start_munge()
        self._daemon("slurmctld", "-D", "-c")
        for node in NODES:
            self.start_node(node)
        until(lambda: self.states() == dict.fromkeys(NODES, "idle"), "both nodes to be idle", 60)

    def _settings(self) -> str:
        controller, first = free_ports()
        values = {"controller": controller, "ports": f"{first}-{first + 1}", "host": socket.gethostname().split(".")[0]}
        return SETTINGS.format(folder=self.folder, memory=self.memory, **values)

    def _start_munge(self) -> None:
        key, listening = self.folder / "munge.key", self.folder / "munge.socket"
        key.touch(mode=0o600)
        key.write_bytes(secrets.token_bytes(128))
        files = [f"--{word}-file={self.folder / f'munge.{word}'}" for word in ("key", "seed", "pid", "log")]
        self._daemon("munged", "--foreground", "--force", f"--socket={listening}", *files)
        until(listening.exists, "munge to listen", 20)

    def _daemon(self, name: str, *words: str, key: str = "") -> None:
        log = (self.folder / f"{key or name}.out").open("ab")
        with log:
            # Without SLURM_CONF: each reads the one file, as the steps of a job do.
            env = {name: value for name, value in os.environ.items() if not name.startswith("SLURM")}
            self.daemons[key or name] = subprocess.Popen([name, *words], stdout=log, stderr=log, env=env)

    def start_node(self, node: str) -> None:
        """Start the daemon of a node, on a core of its own where there are two: Slurm binds no cores here."""
        self._daemon("slurmd", "-D", "-c", "-N", node, key=node)
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(self.daemons[node].pid, {cores[NODES.index(node) % len(cores)]})

    def lose_node(self, node: str) -> None:
        """Kill the daemon of a node and all that runs on it, as a power cut does."""
        self.daemons[node].kill()
        self.daemons.pop(node).wait()
        kill(self.processes(node))

    def processes(self, node: str) -> list[psutil.Process]:
        """Return the processes of all jobs of a node, first the daemons that would report their end."""
        found = [process for process in psutil.process_iter() if node_of(process) == node]
        with_parents = [parent for process in found if (parent := parent_of(process)) and "slurmstepd" in parent.name()]
        return [*dict.fromkeys(with_parents), *found]

    def states(self) -> dict[str, str]:
        """Return the state of each node, as `sinfo` says it."""
        lines = call("sinfo", "-N", "-h", "-o", "%N %t").split("\n")
        return dict(line.split() for line in lines if line)

    def jobs(self) -> list[dict[str, str]]:
        """Return every job Slurm remembers, as `scontrol show job` says it."""
        lines = call("scontrol", "-o", "show", "job").splitlines()
        return [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in lines if "JobId=" in line]

    def job(self, number: str) -> dict[str, str]:
        """Return one job."""
        return next(job for job in self.jobs() if job["JobId"] == number)

    def at_work(self, node: str) -> str:
        """Return the number of a job of a node that has come as far as a step of ours, "" while there is none."""
        lines = map(command_of, self.processes(node))
        running = [job["JobId"] for job in self.jobs() if job["JobState"] == "RUNNING" and job["NodeList"] == node]
        return running[0] if running and any("-m dermshift" in line for line in lines) else ""

    def _end(self) -> None:
        for node in NODES:
            kill(self.processes(node))
        for daemon in reversed(self.daemons.values()):
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        CONFIG.unlink(missing_ok=True)
