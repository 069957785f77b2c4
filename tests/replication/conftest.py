"""Small finished studies, made by hand: every change of every patient is known."""

from __future__ import annotations

import json
import sys
from contextlib import chdir
from typing import TYPE_CHECKING, Any

import anndata
import numpy as np
import pandas as pd
import pytest
import yaml

from dermshift.evidence.leave_one_out import leave_one_out
from dermshift.genes import GeneRegistry
from dermshift.paired.changes import Changes, set_changes
from dermshift.replication import Results
from dermshift.replication.symbols import approved_symbols
from dermshift.study import Source, Study, Timepoints

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

GENES = ("LCN2", "CRABP2", "BAX", *(f"G{number:03d}" for number in range(147)))
SETS = {"SET_A": GENES[3:13], "SET_B": GENES[13:25]}
SHARED = {"LCN2": 1.5, "CRABP2": 1.0, **dict.fromkeys(SETS["SET_A"], 0.8)}
"""Changes of the discovery; everything else is 0."""


def card(n: int) -> dict[str, Any]:
    return {
        "id": "response", "title": "all patients", "kind": "response", "column": "", "levels": [], "within": [],
        "before": "baseline", "after": "week1", "n_pairs": n, "block": "",
    }  # fmt: skip


def table_of(ids: Sequence[str], symbols: Sequence[str], changes: pd.DataFrame) -> pd.DataFrame:
    mean = changes.mean().to_numpy()
    return pd.DataFrame(
        {
            "gene_id": list(ids), "gene_symbol": list(symbols), "base_mean": np.arange(len(ids), 0, -1.0),
            "log2_fold_change": mean, "fdr": np.where(np.abs(mean) > 0.5, 0.001, 0.9), "status": "tested",
            "flag": ["mediator" if symbol in GENES[:3] else None for symbol in symbols],
        }
    )  # fmt: skip


@pytest.fixture(scope="session")
def make() -> Callable[..., Results]:
    """Make a study: planted changes by symbol, noise of one patient, and what differs from the usual."""

    def study(
        label: str, role: str, n: int, planted: dict[str, float], seed: int, *, sd: float = 0.3, scale: str = "counts",
        rows: Sequence[tuple[str, str]] = (), sign: int = 1, aside: Sequence[str] = (), sha: str = "",
    ) -> Results:  # fmt: skip
        rng = np.random.default_rng(seed)
        named = list(rows) or [(gene, gene) for gene in GENES]
        ids, symbols = [row[0] for row in named], [row[1] for row in named]
        noise = rng.normal(0, sd, (n, len(ids)))
        values = sign * (np.array([planted.get(symbol, 0.0) for symbol in symbols]) + noise)
        patients = [f"P{number}" for number in range(n)]
        own = Changes(pd.DataFrame(values, index=pd.Index(patients, name="patient"), columns=ids))
        return _results(label, role, own, ids, symbols, rng, scale, aside, sha or label)

    return study


def _results(label, role, own, ids, symbols, rng, scale, aside, sha) -> Results:
    n = len(own.values)
    obs = pd.DataFrame(
        {"patient": [p for p in own.patients for _ in (0, 1)], "timepoint": ["baseline", "week1"] * n},
        index=[f"{label}_{p}_{t}" for p in own.patients for t in (0, 1)],
    )
    base = rng.normal(6, 2, (1, len(ids))) + rng.normal(0, 1, (2 * n, len(ids)))
    base[1::2] += own.values.to_numpy()
    var = pd.DataFrame({"gene_symbol": symbols}, index=ids)
    table = table_of(ids, symbols, own.values)
    if scale == "log2":
        var["set_aside"] = ["other" if gene in aside else "" for gene in ids]
        table.loc[table["gene_id"].isin(list(aside)), "status"] = "set_aside"
    adata = anndata.AnnData(base, obs=obs, var=var)
    study = Study(label, adata, scale, Timepoints("baseline", "week1"), (Source("m.tsv", sha, "matrix"),), True)
    by_symbol = dict(zip(symbols, ids, strict=True))
    sets = {name: [by_symbol[s] for s in members if s in by_symbol] for name, members in SETS.items()}
    wide = set_changes(own, sets)
    named = own.values[[gene for gene, symbol in zip(ids, symbols, strict=True) if symbol in GENES[:3]]]
    items = Changes(pd.concat([named, wide.values], axis=1))
    judged = leave_one_out(items, moderated=False)
    judged = judged[judged["left_out"] == ""].assign(
        kind=lambda frame: ["set" if item in SETS else "configured" for item in frame["item"]]
    )
    sizes = pd.DataFrame(
        {"n_genes": [10, 12], "n_tested": [len(members) for members in sets.values()]}, index=list(SETS)
    )
    return Results(
        label=label, role=role, study=study, cards=[card(n)], tables={"response": table}, judged={"response": judged},
        sizes={"response": sizes}, changes={"response": own}, symbols=approved_symbols(var, GeneRegistry()),
        expression=pd.DataFrame(base, index=obs.index, columns=ids),
    )  # fmt: skip


@pytest.fixture(scope="session")
def three(make: Callable[..., Results]) -> list[Results]:
    """One discovery, one study that shares its truth, one without LCN2 and with CRABP2 turned round."""
    unlike = SHARED | {"LCN2": 0.0, "CRABP2": -1.0}
    return [
        make("A", "discovery", 12, SHARED, 1),
        make("B", "replication", 10, SHARED, 2),
        make("C", "replication", 8, unlike, 3),
    ]


STAGES = ("load", "test", "enrich", "enriched", "evidence")
"""What a board reads was left by these."""


def verb(words: Sequence[str]) -> int:
    """Run a verb in this process; return its exit code."""
    from dermshift.cli import main

    with pytest.MonkeyPatch.context() as context:
        context.setattr(sys, "argv", ["dermshift", *words])
        with pytest.raises(SystemExit) as ended:
            main()
    return int(ended.value.code or 0)


def run_study(root: Path, name: str, results: Path) -> None:
    """Run the stages of a shipped study, with fewer permutations, into RESULTS/NAME."""
    from dermshift.cli.examine import examined
    from dermshift.cli.options import ask_text
    from dermshift.workflow.settings import Plan
    from dermshift.workflow.settings import settings as settings_of

    config = yaml.safe_load((root / "config" / "studies" / f"{name}.yaml").read_text())
    config["evidence"]["top"] = 1
    path = results / f"{name}.yaml"
    path.write_text(json.dumps(config | {"analysis": {"permutations": 100}, "out": str(results)}))
    with chdir(root):
        result = examined(path)
        plan = Plan.of(result.config, [(ask_text(ask), design) for ask, design in result.designs])
        values = settings_of(result.config, plan)
        for stage in STAGES:
            flags = values["flags"]["enrich" if stage == "enriched" else stage]
            fits = [[f"--fit={fit['id']}", *fit["asks"]] for fit in values["fits"]]
            for own in fits if stage in ("test", "enrich", "evidence") else [[]]:
                assert verb([stage, f"--out={results / name}", *own, *flags]) == 0


@pytest.fixture(scope="session")
def example(root: Path, once: Any) -> Path:
    """Results of the three shipped studies."""

    def fill(folder: Path) -> None:
        for name in ("skin_a", "skin_b", "skin_c"):
            run_study(root, name, folder)

    return once("studies", fill)


def board_words(results: Path, out: Path, *names: str) -> list[str]:
    """Return the command of a board; the first study is the discovery."""
    roles = ["discovery", *["replication"] * (len(names) - 1)]
    studies = [f"--study={role}={results / name}" for role, name in zip(roles, names, strict=True)]
    return ["board", f"--out={out}", *studies, *(f"--label={name}" for name in names), "--genes=data/genes.tsv"]


@pytest.fixture(scope="session")
def example_board(root: Path, example: Path, once: Any, quick_pictures: Any) -> Path:
    """The board of the three shipped studies, with coarse pictures."""

    def fill(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as context, chdir(root):
            quick_pictures(context)
            assert verb(board_words(example, folder / "board", "skin_a", "skin_b", "skin_c")) == 0

    return once("studies_board", fill) / "board"
