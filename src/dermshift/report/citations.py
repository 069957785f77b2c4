"""What a study cites: the publications behind the engines, methods and packages it used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dermshift import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dermshift.report.facts import Facts

SHELF = Path(__file__).with_name("references.bib")
"""Every publication that can be cited; a study cites those of what it used."""
OWN_DOIS = {
    "pydeseq2": "10.1093/bioinformatics/btad547",
    "pylimma": "10.1093/nar/gkv007",
    "gseapy": "10.1093/bioinformatics/btac757",
    "numpy": "10.1038/s41586-020-2649-2",
    "scipy": "10.1038/s41592-019-0686-2",
    "pandas": "10.25080/Majora-92bf1922-00a",
    "anndata": "10.21105/joss.04371",
    "scanpy": "10.1186/s13059-017-1382-0",
    "matplotlib": "10.1109/MCSE.2007.55",
    "seaborn": "10.21105/joss.03021",
    "snakemake": "10.12688/f1000research.29032.2",
    "rocrate": "10.3233/DS-210053",
}
"""Publication of each package."""
ALWAYS = ("numpy", "scipy", "pandas", "anndata", "scanpy", "matplotlib", "seaborn", "snakemake", "rocrate")
"""Packages behind every study, whatever its engine."""
FALSE_DISCOVERY = "10.1111/j.2517-6161.1995.tb02031.x"
SHRINKAGE = "10.1093/bioinformatics/bty895"
RANDOM_BLOCK = "10.1093/bioinformatics/bti270"
SELF = f"""\
@software{{dermshift,
  author = {{{{The dermshift developers}}}},
  title = {{dermshift: paired before/after expression studies}},
  version = {{{__version__}}},
  license = {{GPL-3.0-or-later}},
}}"""
DOI = re.compile(r"10\.\d{4,9}/[^\s,;)]+")


@dataclass(frozen=True)
class Reference:
    """A publication: the key it is cited by, its DOI, its BibTeX entry, and a line for a list of references."""

    key: str
    doi: str
    entry: str
    text: str


def cited(facts: Facts) -> list[Reference]:
    """Return what the study cites, in the order of the methods section: models, gene sets, packages."""
    dois = [doi for fit in facts.fits for doi in _fit_dois(fit)]
    dois += [FALSE_DISCOVERY]
    if facts.enrichment["gene_sets"]:
        dois += [doi for method in facts.enrichment["methods"] for doi in _meta_dois(method)]
        dois += [doi for file in facts.enrichment["gene_sets"] for doi in DOI.findall(file.get("source", ""))]
    dois += [OWN_DOIS[name] for name in ALWAYS]
    own = Reference("dermshift", "", SELF, f"The dermshift developers. dermshift {__version__}.")
    return [own, *map(reference, dict.fromkeys(dois))]


def _fit_dois(fit: dict[str, Any]) -> list[str]:
    dois = _meta_dois(fit["engine"])
    dois += [SHRINKAGE] if shrinks(fit) else []
    return dois + ([RANDOM_BLOCK] if fit["record"].get("consensus_correlation") is not None else [])


def shrinks(fit: dict[str, Any]) -> bool:
    """Tell whether a fit shrank its estimates: an engine on PyDESeq2, unless it was told not to."""
    return bool(fit["engine"]["extra"] == "pydeseq2" and fit["options"].get("shrink"))


def _meta_dois(meta: dict[str, Any]) -> list[str]:
    """Return the DOI of a meta record, and that of the package it needs."""
    return [doi for doi in (meta.get("doi"), OWN_DOIS.get(meta.get("extra", ""))) if doi]


def reference(doi: str) -> Reference:
    """Return the publication of a DOI; one that is not on the shelf is cited by its DOI alone."""
    known = shelf()
    if doi in known:
        return known[doi]
    key = "doi_" + re.sub(r"[^a-z0-9]+", "_", doi.lower()).strip("_")
    return Reference(key, doi, f"@misc{{{key},\n  doi = {{{doi}}},\n}}", f"doi:{doi}")


def key_of(doi: str) -> str:
    """Return the mark in a text that cites a DOI, e.g. ``[love2014]``."""
    return f"[{reference(doi).key}]"


def keys_of(meta: dict[str, Any]) -> str:
    """Return the marks that cite an engine or method and the package it needs."""
    return " ".join(dict.fromkeys(map(key_of, _meta_dois(meta))))


def bibtex(references: Iterable[Reference]) -> str:
    """Return references.bib."""
    return "\n\n".join(item.entry for item in references) + "\n"


@cache
def shelf() -> dict[str, Reference]:
    """Return every known publication by its DOI."""
    entries = SHELF.read_text(encoding="utf-8").strip().split("\n\n")
    return {item.doi: item for item in map(_read, entries)}


def _read(entry: str) -> Reference:
    fields = dict(re.findall(r"^  (\w+) = \{(.*)\},$", entry, re.MULTILINE))
    key = re.findall(r"^@\w+\{(\w+),$", entry, re.MULTILINE)[0]
    names = [name.split(",")[0] for name in fields["author"].split(" and ")]
    short = names[0] + " et al." if len(names) > 3 or "others" in names else " and ".join(_joined(names))
    place = fields.get("journal", fields.get("booktitle", ""))
    volume = f" {fields['volume']}" if "volume" in fields else ""
    said = f"{short} ({fields['year']}). {fields['title']}. {place}{volume}: {fields['pages']}."
    return Reference(key, fields["doi"], entry, f"{_unmarked(said)} doi:{fields['doi']}")


def _joined(names: list[str]) -> list[str]:
    return [", ".join(names[:-1]), names[-1]] if len(names) > 1 else names


def _unmarked(text: str) -> str:
    """Return text without the marks of TeX."""
    accents = {r"{\'n}": "ń", r"{\'e}": "é", r"{\'o}": "ó", r"{\"a}": "ä", r"{\"e}": "ë", r"{\"o}": "ö"}
    for mark, letter in {**accents, r"{\c c}": "ç", r"{\`e}": "è", r"\&": "&", "--": "-"}.items():
        text = text.replace(mark, letter)
    return text.replace("{", "").replace("}", "")
