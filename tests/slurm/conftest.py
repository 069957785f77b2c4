"""A cluster on the loopback, and a small study run through it while things go wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slurm_cluster import Cluster

EXAMPLE = "DERMSHIFT_WHOLE_EXAMPLE" in os.environ
"""Whether to take the example study of eleven fits instead of a small one of two."""

OVERRIDES = {
    "cores": 1,
    "latency-wait": 10,
    "group-components": ["fit=6" if EXAMPLE else "fit=1", "finish=1"],  # the fits in two jobs: one for each node
    "set-resources": {"load": {"mem_mb": "250 * 4 ** (attempt - 1)"}},  # too little at first
    "slurm-init-seconds-before-status-checks": 2,
}
"""What the tests set in a copy of the profile, as a site does."""


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two virtual nodes; skips with the reason where there can be none."""
    from slurm_cluster import LOCK, Cluster, missing

    with LOCK.open("w") as lock:
        if reason := missing(lock):
            pytest.skip(reason)
        with Cluster(tmp_path_factory.mktemp("slurm")) as running:
            yield running


@pytest.fixture(scope="session")
def profile(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy of the profile with the tests' own values."""
    folder = tmp_path_factory.mktemp("profile")
    shipped = yaml.safe_load((root / "workflows" / "profiles" / "slurm" / "config.yaml").read_text())
    assert set(OVERRIDES) - {"set-resources"} <= set(shipped)
    (folder / "config.yaml").write_text(yaml.safe_dump(shipped | OVERRIDES))
    return folder


def example(root: Path) -> dict[str, Any]:
    """Return the example study's configuration, its files where they are."""
    config: dict[str, Any] = yaml.safe_load((root / "config" / "config.yaml").read_text())
    config["study"] |= {key: str(root / config["study"][key]) for key in ("matrix", "samples")}
    config["gene_sets"] = [str(root / path) for path in config["gene_sets"]]
    config["evidence"]["anchors"] = str(root / config["evidence"]["anchors"])
    config["annotation"] = {name: str(root / "data" / f"{name}.tsv") for name in ("genes", "sex_genes")}
    return config


def small(root: Path, folder: Path) -> dict[str, Any]:
    """Write a synthetic study of two fits; return its configuration."""
    from dermshift.simulate import Settings, simulate, write_example

    settings = Settings(seed=3, genes=300, females=4, males=3, compartments=("dermis",), data=root / "data")
    write_example(simulate(settings), folder / "data")
    config = example(root)
    config["study"] |= {"matrix": "data/counts.tsv.gz", "samples": "data/samples.tsv"}
    del config["genes"], config["gene_sets"][1:]
    few = {"questions": ["response", {"by": "sex"}], "analysis": {"permutations": 100}, "evidence": {"top": 3}}
    # Drawing is what takes longest.
    return config | few | {"figures": {"families": ["sampling", "volcano", "slopes"]}}


@pytest.fixture(scope="session")
def study(root: Path) -> Any:
    """Write a study and its config.yaml into a folder."""

    def write(folder: Path) -> Path:
        config = example(root) if EXAMPLE else small(root, folder)
        config["study"]["name"] = "study"
        (folder / "config.yaml").write_text(json.dumps(config))
        return folder

    return write


@pytest.fixture(scope="session")
def start() -> Any:
    """Run `dermshift run` in a folder, its words in out.txt; a context, at whose end it has ended."""

    @contextmanager
    def run(folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        call = [sys.executable, "-m", "dermshift", "run", "config.yaml", *words]
        with (folder / "out.txt").open("wb") as out:
            child = subprocess.Popen(call, cwd=folder, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            yield child
        finally:
            # Snakemake and its steps are in the session of their own that was made for them.
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    return run
