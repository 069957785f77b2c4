"""The genes are of the species the known genes are of, and of one species alone."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from dermshift.checks.finding import Finding, listed
from dermshift.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dermshift.checks.views import MatrixView
    from dermshift.genes import GeneRegistry

CHECK = "species"
ENSEMBL_GENE = re.compile(r"(ENS[A-Z]*G)\d{11}.*")
HUMAN = "ENSG"
SPECIES = {
    HUMAN: "human", "ENSMUSG": "mouse", "ENSRNOG": "rat", "ENSSSCG": "pig", "ENSDARG": "zebrafish", "ENSBTAG": "cow",
    "ENSCAFG": "dog", "ENSMMUG": "rhesus macaque", "ENSMFAG": "crab-eating macaque", "ENSPTRG": "chimpanzee",
    "ENSGALG": "chicken", "ENSOCUG": "rabbit", "ENSCPOG": "guinea pig",
}  # fmt: skip
"""What stands before the number of an Ensembl gene id."""
GENOME = re.compile(r"(GRCh\d+|hg\d+|GRCm\d+|mm\d+)_+\S+")
"""How references of two genomes mark the genome of each gene."""
GENOMES = (("GRCh", "human"), ("hg", "human"), ("GRCm", "mouse"), ("mm", "mouse"))
SPIKE_IN = re.compile(r"ERCC-\d{5}")
FEW = 0.01
"""Share of a second species below which its genes are single sequences somebody added on purpose."""
ENOUGH = 10
"""Names that must match in another case before that says anything."""
TITLE_CASE = "mouse or rat (symbols such as Lcn2)"
LOWER_CASE = "zebrafish, or human symbols in lower case"
ALONE = "Give the matrix of the human genes alone: reads of both species would share one library size."
OWN = 'or name sets of that species and write annotation: {genes: "", sex_genes: ""}: then nothing is read as human.'


def check_species(view: MatrixView) -> Finding:
    """Where the known genes are human, the matrix is: by its Ensembl ids, its genomes and the case of its symbols."""
    if not _human(view.registry):
        return Finding(CHECK, "ok", "no known genes of a human table to compare with")
    names = [str(name) for name in view.genes.index]
    seen = _species_of(names, [str(symbol) for symbol in view.genes["gene_symbol"]], view.registry)
    spikes = sum(bool(SPIKE_IN.fullmatch(name)) for name in names)
    also = f"; {spikes} ERCC spike-ins, of no species, stay as they are" if spikes else ""
    other = {species: found for species, found in seen.items() if species != "human"}
    count = sum(map(len, other.values()))
    if not count:
        return Finding(CHECK, "note" if spikes else "ok", f"no gene of another species than human{also}")
    said = "; ".join(f"{len(found)} of {len(names)} {species}: {listed(found, 3)}" for species, found in seen.items())
    human = 10 * len(seen.get("human", ())) > count  # F9 and C3 are symbols of the mouse as well
    if human and count <= FEW * len(names):
        return Finding(CHECK, "note", f"{said}; so few are taken for sequences added on purpose{also}")
    mixed = "genes of several species" if human else "genes of another species"
    action = ALONE if human else f"Give a human matrix, {OWN}"
    problem = Problem(f"{view.path}, gene identifiers", f"{mixed}: {said}", "human genes, as the known ones", action)
    return Finding(CHECK, "error", f"{mixed}: {said}{also}", (problem,))


def _human(registry: GeneRegistry) -> bool:
    counts = Counter(match[1] for gene in registry.names if (match := ENSEMBL_GENE.fullmatch(gene.ensembl_id)))
    return bool(counts) and counts.most_common(1)[0][0] == HUMAN


def _species_of(names: list[str], symbols: list[str], registry: GeneRegistry) -> dict[str, list[str]]:
    """Return the names that speak for a species, by species; human first, then the most frequent."""
    found: dict[str, list[str]] = {}
    for name in names:
        if match := ENSEMBL_GENE.fullmatch(name):
            found.setdefault(SPECIES.get(match[1], f"of the kind {match[1]}"), []).append(name)
        elif match := GENOME.fullmatch(name):
            species = next(word for start, word in GENOMES if match[1].startswith(start))
            found.setdefault(species, []).append(name)
    if not found.keys() - {"human"}:
        plain = [symbol for symbol, name in zip(symbols, names, strict=True) if not ENSEMBL_GENE.fullmatch(name)]
        _add_by_case(plain, registry, found)
    return dict(sorted(found.items(), key=lambda item: (item[0] != "human", -len(item[1]))))


def _add_by_case(symbols: Iterable[str], registry: GeneRegistry, found: dict[str, list[str]]) -> None:
    """Add symbols that are a human gene as they are written, and those that are one in upper case alone."""
    known, only_upper = [], []
    for symbol in symbols:
        if registry.reading(symbol)[0] == "approved":
            known.append(symbol)
        elif symbol != symbol.upper() and registry.reading(symbol.upper())[0] == "approved":
            only_upper.append(symbol)
    if known:
        found.setdefault("human", []).extend(known)
    if len(only_upper) >= ENOUGH and 10 * len(only_upper) > len(known):
        lower = sum(symbol == symbol.lower() for symbol in only_upper)
        found[LOWER_CASE if 2 * lower > len(only_upper) else TITLE_CASE] = only_upper
