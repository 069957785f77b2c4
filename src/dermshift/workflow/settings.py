"""The generated settings Snakemake is handed: flags per stage, inputs, outputs and code fingerprints."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dermshift.engines import EngineOptions
from dermshift.evidence_names import BY_KIND
from dermshift.io.atomic import sha256
from dermshift.io.readers import inputs_of
from dermshift.replication_names import TABLES as BOARD_TABLES
from dermshift.workflow.fingerprint import fingerprints

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dermshift.config import Config
    from dermshift.design.model import Design
    from dermshift.study import StudySpec
    from dermshift.workflow.locks import Place


@dataclass(frozen=True)
class Plan:
    """What a run consists of: the folder, and which asks, fits and questions belong together."""

    folder: str
    asks: dict[str, list[str]]
    questions: dict[str, list[str]]

    @classmethod
    def of(cls, config: Config, designs: Sequence[tuple[str, Design]]) -> Plan:
        """Group (text of the ask, design) pairs by fit."""
        asks: dict[str, list[str]] = {}
        questions: dict[str, list[str]] = {}
        for text, design in designs:
            asks.setdefault(design.fit_id, [])
            if text not in asks[design.fit_id]:
                asks[design.fit_id].append(text)
            questions.setdefault(design.fit_id, []).append(design.question.id)
        return cls(f"{config.out}/{config.spec.name}", asks, questions)


def run_settings(studies: Sequence[dict[str, object]], board: dict[str, object] | None = None) -> dict[str, object]:
    """Return what the rules need for one run of any number of studies, each as `settings` gives it, and their board."""
    numbered = [{**one, "place": place} for place, one in enumerate(studies, 1)]
    return {"python": sys.executable, "studies": numbered, "board": board}


def board_settings(
    place: Place, studies: Sequence[tuple[str, str, dict[str, Any]]], code: Mapping[str, str]
) -> dict[str, object]:
    """Return what the rules need to know of the board of several studies.

    Parameters
    ----------
    studies
        Role, label and settings of each study. False discovery rate, table of genes and seed are those of the first
        discovery, else of the first study.
    """
    first = next((values for role, _, values in studies if role == "discovery"), studies[0][2])["shared"]
    genes = [first["genes"]] if first["genes"] else []
    return {
        "name": place.name,
        "folder": place.folder.as_posix(),
        "tables": list(BOARD_TABLES),
        "read": [content(path) for path in genes],
        "flags": [
            *_many("study", [f"{role}={values['folder']}" for role, _, values in studies]),
            *_many("label", [label for _, label, _ in studies]),
            *(flag for name in ("alpha", "genes", "seed") for flag in _one(name, first[name])),
        ],
        "code": code["board"],
    }


def settings(config: Config, plan: Plan, code: Mapping[str, str] | None = None) -> dict[str, object]:
    """Return everything the rules need to know of one study, as plain values.

    Every flag is one argument ``--name=value``, so no value can be read as another flag; the rules quote each.

    Parameters
    ----------
    code
        Fingerprint of each stage; taken anew where it is not given.
    """
    files = inputs(config)
    return {
        "name": config.spec.name,
        "folder": plan.folder,
        "inputs": files,
        "hashes": {path: content(path) for path in sorted({path for paths in files.values() for path in paths})},
        "loaded": loaded(config),
        "fits": [
            {"id": fit, "asks": _many("ask", plan.asks[fit]), "questions": questions}
            for fit, questions in plan.questions.items()
        ],
        "flags": flags(config, plan),
        "evidence": list(BY_KIND),
        "shared": {"alpha": config.analysis.alpha, "genes": config.spec.genes, "seed": config.analysis.seed},
        "code": {stage: text for stage, text in (code or fingerprints()).items() if stage != "board"},
    }


def content(path: str) -> str:
    """Return the sha256 of a file, or of the files of a folder with their names; "" where there is none.

    A step depends on what is in a file, not on its date: a file put back from a copy keeps an old one.
    """
    place = Path(path)
    if not place.is_dir():
        return sha256(place) if place.is_file() else ""
    digest = hashlib.sha256()
    for file in sorted(file for file in place.rglob("*") if file.is_file()):
        digest.update(f"{file.relative_to(place).as_posix()}\0{sha256(file)}\0".encode())
    return digest.hexdigest()


def as_json(values: dict[str, object]) -> bytes:
    """Return settings as the bytes of a JSON file, the same each time."""
    return f"{json.dumps(values, indent=1, sort_keys=True)}\n".encode()


def loaded(config: Config) -> list[str]:
    """Return the files the first stage leaves in the folder of the study."""
    tables = {"probes.tsv": config.spec.probes, "identifiers.tsv": config.spec.genes}
    return ["checks.json", "designs.json", "study.h5ad", *(name for name, source in tables.items() if source)]


def inputs(config: Config) -> dict[str, list[str]]:
    """Return the files of the user each stage reads."""
    spec = config.spec
    known = [spec.genes] if spec.genes else []
    sex = [spec.sex_genes] if spec.sex_genes else []
    probes = [spec.probes] if spec.probes else []
    anchors = [config.evidence.anchors] if config.evidence.anchors else []
    named = [path for path in (spec.transcripts, spec.regimens) if path]
    return {
        "load": [*inputs_of(spec.matrix), *inputs_of(spec.samples), *known, *sex, *probes, *named],
        "test": known,
        "enrich": [*config.set_files, *known],
        "dossier": [*config.set_files, *known, *sex, *anchors],
        "plot": [*known, *sex],
        "bundle": [config.contrasts] if config.contrasts else [],
    }


def flags(config: Config, plan: Plan) -> dict[str, list[str]]:
    """Return the flags of every stage, the values that its result depends on and no other."""
    spec = config.spec
    seed = _one("seed", config.analysis.seed)
    genes = _one("genes", spec.genes)
    alpha = _one("alpha", config.analysis.alpha)
    asks = list(dict.fromkeys(ask for texts in plan.asks.values() for ask in texts))
    return {
        "load": [*_study(spec), *_many("ask", asks)],
        "test": [*_test(config), *genes, *seed],
        "enrich": [
            *_sets(config),
            *_one("permutations", config.analysis.permutations),
            *_one("min-size", config.enrichment.min_size),
            *_one("max-size", config.enrichment.max_size),
            *genes, *alpha, *seed,
        ],
        "evidence": [*_choices(config), *_sets(config), *_roles(config), *genes, *alpha, *seed],
        "dossier": [*_many("gene-set", config.set_files), *_shelf(config), *genes, *alpha],
        "plot": [*genes, *_one("sex-genes", spec.sex_genes), *alpha, *_many("family", config.figures.families)],
        "report": alpha,
        "workbook": [],
        "bundle": _one("values", json.dumps(config.model_dump(mode="json"), sort_keys=True)),
    }  # fmt: skip


def _study(spec: StudySpec) -> list[str]:
    single = {
        "name": spec.name,
        "matrix": spec.matrix,
        "samples": spec.samples,
        "before": spec.timepoints.before,
        "after": spec.timepoints.after,
        "scale": spec.scale,
        "log2-offset": spec.log2_offset or "",
        "missing-pairs": spec.missing_pairs,
        "comparison": spec.comparison,
        "genes": spec.genes,
        "sex-genes": spec.sex_genes,
        "probes": spec.probes,
        "probe-rule": spec.probe_rule if spec.probes else "",
        "transcripts": spec.transcripts,
        "strand": "" if spec.strand == "auto" else spec.strand,
        "duplicates": "" if spec.duplicates == "error" else spec.duplicates,
        "regimens": spec.regimens,
    }
    texts = [flag for name, value in single.items() for flag in _one(name, value)]
    texts += _many("column", [f"{role}={column}" for role, column in sorted(spec.columns.items())])
    texts += _many("other-timepoint", spec.other_timepoints) + _many("further", spec.timepoints.further)
    return texts + _many("acknowledge", spec.acknowledged) + (["--synthetic"] if spec.synthetic else [])


def _sets(config: Config) -> list[str]:
    return [*_many("gene-set", config.set_files), *_many("declared", config.declared)]


def _roles(config: Config) -> list[str]:
    chosen = config.evidence
    texts = _one("adjust-for", chosen.adjust_for) + _one("association", chosen.association) + _one("top", chosen.top)
    return texts + _many("panel", list(dict.fromkeys((*chosen.sources, *chosen.scores))))


def _shelf(config: Config) -> list[str]:
    chosen, spec = config.evidence, config.spec
    texts = _many("score", chosen.scores) + _many("receptors", chosen.receptors) + _many("source", chosen.sources)
    return texts + _one("anchors", chosen.anchors) + _one("sex-genes", spec.sex_genes)


def _test(config: Config) -> list[str]:
    texts = _choices(config)
    if config.analysis.independent_filtering:  # only then does the engine use alpha
        texts += _one("alpha", config.analysis.alpha)
    if not config.analysis.shrink:
        texts.append("--option=shrink=false")
    return texts + _many("flag", [f"{name}={role}" for role, name in config.genes.items()])


def _choices(config: Config) -> list[str]:
    """Flags of the model, the same for a fit and for fits without a patient."""
    usual = EngineOptions().record()
    changed = {name: value for name, value in config.analysis.options.record().items() if value != usual[name]}
    texts = _one("engine", config.analysis.engine)
    return texts + _many(
        "option", [f"{name}={str(value).lower() if value is True else value}" for name, value in changed.items()]
    )


def _one(name: str, value: object) -> list[str]:
    return [f"--{name}={value}"] if value != "" else []


def _many(name: str, values: Sequence[str]) -> list[str]:
    return [f"--{name}={value}" for value in values]
