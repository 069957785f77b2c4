"""The claim card beside a figure: what is claimed, of whom, by which method, from which files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from dermshift import __version__
from dermshift.design.words import wording
from dermshift.figures.alt import alt_text
from dermshift.names import COMPARTMENT, PATIENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dermshift.figures.base import Card, Family, Figure

    Input = dict[str, str]


@dataclass(frozen=True)
class Provenance:
    """What stands behind the figures of a study.

    Parameters
    ----------
    cards, fits, enrichment
        ``designs.json``, ``fits/*.json``, ``enrichment.json``; each empty where the stage did not run.
    files
        ``path`` (portable), ``role`` and ``sha256`` of the files the study was read from.
    gene_sets
        The same of the gene-set files.
    hashes
        sha256 of the files earlier stages left behind, by their path in the folder of the study.
    patients
        Patients of the sample sheet.
    """

    cards: Sequence[Card]
    fits: Sequence[dict[str, Any]]
    enrichment: dict[str, Any]
    files: Sequence[Input]
    gene_sets: Sequence[Input]
    hashes: dict[str, str]
    patients: Sequence[str]
    synthetic: bool


def claim_card(figure: Figure, family: Family, known: Provenance) -> dict[str, Any]:
    """Return the claim card of a figure, JSON-able: the claim itself and everything it rests on."""
    by_id = {card["id"]: card for card in known.cards}
    drawn = [by_id[name] for name in figure.questions]
    fits = _fits(drawn, known)
    patients = _everyone(drawn) if drawn else list(known.patients) if family.of_samples else []
    sets = known.gene_sets if family.sets else []
    of_samples_alone = family.of_samples and not family.model
    return {
        **figure.claim,
        "id": figure.id,
        "alt": alt_text(figure, family, synthetic=known.synthetic),
        "contrasts": [_contrast(card) for card in drawn],
        "patients": patients,
        "n_pairs": len(patients) if drawn else None,
        "method": _method(family, fits, known.enrichment),
        "fdr_family": _fdr_family(family, fits, known.enrichment),
        "seed": None if of_samples_alone else next((fit["options"]["seed"] for fit in fits), None),
        "inputs": [*known.files, *sets, *_read(figure, family, known)],
        "dermshift": __version__,
        "synthetic": known.synthetic,
    }


def _read(figure: Figure, family: Family, known: Provenance) -> list[Input]:
    """Return the files of earlier stages the figure is drawn from."""
    gene = figure.id.removeprefix(f"{family.name}_")
    paths = [path.replace("GENE", gene) for path in family.reads]
    paths = [path.replace("QUESTION", name) for path in paths for name in figure.questions or ("",)]
    found = [path for path in dict.fromkeys(paths) if path in known.hashes]
    return [{"path": path, "role": "result", "sha256": known.hashes[path]} for path in found]


def _contrast(card: Card) -> dict[str, Any]:
    return {
        "question": card["id"],
        "title": card["title"],
        "positive": wording(card).positive,
        "patients": patients_of(card),
        "pairs": [[pair["before"], pair["after"]] for pair in pairs_of(card)],
    }


def pairs_of(card: Card) -> list[dict[str, str]]:
    """Return the pairs an estimate rests on; a model may hold those of other levels too."""
    column, levels = card["column"], card["levels"]
    if card["kind"] != "response_within" or card["column"] == COMPARTMENT:
        return list(card["pairs"])
    label = {entry["library"]: entry.get(column) for entry in card["libraries"]}
    return [pair for pair in card["pairs"] if label[pair["after"]] in levels]


def patients_of(card: Card) -> list[str]:
    """Return the patients behind an estimate, in the order of the pairs."""
    return list(dict.fromkeys(str(pair[PATIENT]) for pair in pairs_of(card)))


def _everyone(cards: Iterable[Card]) -> list[str]:
    return sorted({patient for card in cards for patient in patients_of(card)})


def _fits(cards: Iterable[Card], known: Provenance) -> list[dict[str, Any]]:
    by_id = {fit["fit_id"]: fit for fit in known.fits}
    names = dict.fromkeys(card["fit_id"] for card in cards if "fit_id" in card)
    return [by_id[name] for name in names if name in by_id]


def _method(family: Family, fits: list[dict[str, Any]], enrichment: dict[str, Any]) -> str:
    """Return one sentence: how the figure was made, by which engine and which versions."""
    parts = [family.made or family.summary]
    if family.model:
        parts += list(dict.fromkeys(_engine(fit) for fit in fits))
    if family.sets:
        methods = [entry for entry in enrichment.get("methods", []) if entry["name"] in family.sets]
        parts += [f"{entry['name']}: {entry['summary']}" for entry in methods]
        parts += [_packages([entry["extra"] for entry in methods])]
    parts += [_packages(family.packages), f"drawn by dermshift {__version__} with {_packages(['matplotlib'])}"]
    text = "; ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}."


CHOICES = ("test", "reference")
"""Options of an engine that decide what its p-values are."""


def _engine(fit: dict[str, Any]) -> str:
    engine, versions = fit["engine"], fit["record"].get("versions", {})
    package = engine["extra"]
    stamp = f"; {package} {versions[package]}" if package in versions else ""
    chosen = ", ".join(f"{name} = {fit['options'][name]}" for name in CHOICES if name in engine["takes"])
    test = f"{engine['test']} ({chosen})" if chosen else engine["test"]
    return f"model by {engine['name']}: {engine['summary']}; {test}{stamp}"


def _packages(names: Iterable[str]) -> str:
    return ", ".join(f"{name} {_version(name)}" for name in dict.fromkeys(names) if name)


@lru_cache
def _version(package: str) -> str:
    return version(package)


def _fdr_family(family: Family, fits: list[dict[str, Any]], enrichment: dict[str, Any]) -> str | None:
    """Return which p-values are adjusted together, None where the figure has no false discovery rate."""
    found = [family.fdr]
    if family.model and not family.fdr:
        found += [f"genes: {fit['engine']['fdr_family']}" for fit in fits]
    methods = [entry for entry in enrichment.get("methods", []) if entry["name"] in family.sets]
    found += [f"gene sets: {entry['fdr_family']}" for entry in methods]
    return "; ".join(dict.fromkeys(text for text in found if text)) or None
