"""Reading finished studies for the replication board."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.errors import ConfigError, DermshiftError, FormatError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    import pandas as pd

    from dermshift.design.model import Design
    from dermshift.genes import GeneRegistry
    from dermshift.paired.changes import Changes
    from dermshift.replication import Results
    from dermshift.study import Study
    from dermshift.tables import DETable

ASK_AGAIN = "this question cannot be planned again from its card"


@dataclass(frozen=True)
class Named:
    """One study as the command line names it."""

    role: str
    folder: Path
    label: str


def named(texts: Sequence[str], labels: Sequence[str]) -> list[Named]:
    """Read the values of ``--study`` and ``--label``.

    Raises
    ------
    ConfigError
        With every unknown role, folder without results, folder or label that stands there twice, and labels that are
        not as many as the studies.
    """
    from pathlib import Path

    from dermshift.cli.options import pair

    given = [pair(text, "--study") for text in texts]
    folders = [Path(folder) for _, folder in given]
    problems = [*_wrong_roles([role for role, _ in given]), *_unfinished(folders)]
    if labels and len(labels) != len(given):
        found, expected = f"{len(labels)} labels of {len(given)} studies", "one label per study, in their order"
        problems.append(Problem("--label", found, expected, "Give a label to every study, or to none."))
    shown = list(labels) if len(labels) == len(given) else [folder.name for folder in folders]
    problems += _twice("--study", [folder.resolve().as_posix() for folder in folders], "every folder once")
    problems += _twice("--label", shown, "every label once")
    if problems:
        raise ConfigError(*problems)
    return [Named(role, folder, label) for (role, _), folder, label in zip(given, folders, shown, strict=True)]


def _wrong_roles(roles: Sequence[str]) -> list[Problem]:
    from dermshift.checks.finding import listed, nearest
    from dermshift.replication_names import DISCOVERY, REPLICATION

    known = (DISCOVERY, REPLICATION)
    expected = f"one of {listed(known)}"
    wrong = [role for role in roles if role not in known]
    return [Problem("--study", f"the role '{role}'{nearest(role, known)}", expected, "Correct it.") for role in wrong]


def _unfinished(folders: Sequence[Path]) -> list[Problem]:
    expected = f"a folder with {', '.join(LEFT)}"
    action = "Run the study first, or name the folder of its results."
    absent = [folder for folder in folders if not all((folder / name).exists() for name in LEFT)]
    return [Problem(f"--study {folder}", "no finished study", expected, action) for folder in absent]


LEFT = ("study.h5ad", "designs.json", "enrichment.json", "tables", "evidence")
"""What a finished study left behind."""


def _twice(where: str, values: Sequence[str], expected: str) -> list[Problem]:
    return [
        Problem(where, f"'{value}' twice", expected, "Name each study once and call it by a name of its own.")
        for value in dict.fromkeys(values)
        if values.count(value) > 1
    ]


def results(known: Named, registry: GeneRegistry, seed: int) -> Results:
    """Return what the board needs of a finished study."""
    from dermshift import io, quality
    from dermshift.cli.outputs import cards, read_evidence, read_sets, read_tables
    from dermshift.evidence_names import PAIRED
    from dermshift.replication import Results
    from dermshift.replication.symbols import approved_symbols

    out = known.folder
    study, own = io.read_study(out / "study.h5ad"), cards(out)
    questions = [card["id"] for card in own]
    tables, evidence = read_tables(out, questions), read_evidence(out, questions)
    taken, reasons = changes_of(study, own, tables, seed)
    return Results(
        label=known.label,
        role=known.role,
        study=study,
        cards=own,
        tables=tables,
        judged={
            name: rows[(rows["left_out"] == "") & (rows["method"] == PAIRED)] for name, rows in evidence.refits.items()
        },
        sizes={name: sizes(table) for name, table in read_sets(out, questions).items()},
        changes=taken,
        symbols=approved_symbols(study.genes, registry),
        expression=quality.log2_expression(study),
        no_changes=reasons,
    )


def sizes(sets: pd.DataFrame) -> pd.DataFrame:
    """Return the genes of each set, as written and tested; index set name."""
    return sets.drop_duplicates("set_name").set_index("set_name")[["n_genes", "n_tested"]]


def changes_of(
    study: Study, cards: Sequence[Mapping[str, Any]], tables: Mapping[str, DETable], seed: int
) -> tuple[dict[str, Changes], dict[str, str]]:
    """Return the patients' changes of the tested genes by question, and why a question has none."""
    from dataclasses import replace

    from dermshift.design import library_values
    from dermshift.names import TESTED
    from dermshift.paired.changes import changes
    from dermshift.quality import log2_cpm

    taken: dict[str, Changes] = {}
    reasons: dict[str, str] = {}
    values: dict[str, pd.DataFrame] = {}
    unit = "log2 CPM" if study.scale == "counts" else "log2 intensity"
    for card in cards:
        design = _design(study, card)
        if design is None:
            reasons[card["id"]] = ASK_AGAIN
            continue
        if design.fit_id not in values:  # one matrix serves several questions
            libraries = library_values(study, design, seed=seed)
            values[design.fit_id] = log2_cpm(libraries) if study.scale == "counts" else libraries
        found = changes(design, values[design.fit_id], unit=unit)
        table = tables[card["id"]]
        tested = table.loc[table["status"] == TESTED, "gene_id"]
        taken[card["id"]] = replace(found, values=found.values[list(tested)])
    return taken, reasons


def _design(study: Study, card: Mapping[str, Any]) -> Design | None:
    """Return the design of a card, planned again from the sheet; None where it differs from what was run."""
    from dermshift.design import Ask, plan

    slope = card["kind"] == "slope"
    within = card["within"][0] if card["within"] else ""
    ask = Ask(
        by="" if slope else card["column"],
        within=within,
        block="random" if card.get("block") else "fixed",
        slope=card["column"] if slope else "",
    )
    try:
        designs = plan(study.sheet, study.timepoints, [ask])
    except DermshiftError:
        return None
    same = [design for design in designs if design.question.id == card["id"]]
    return same[0] if same and same[0].n_pairs == card["n_pairs"] else None


def declared(studies: Sequence[Named], registry: GeneRegistry) -> tuple[dict[str, list[str]], list[str]]:
    """Return the approved symbols of each declared set, and what differs between the studies' lists.

    Raises
    ------
    FormatError
        A gene-set file is not there any more or was changed since a study was run.
    """
    from dermshift import io
    from dermshift.io.gene_files import collection_of

    hashes: dict[str, dict[str, str]] = {}
    members: dict[str, list[str]] = {}
    for study in studies:
        record = io.read_json(study.folder / "enrichment.json")
        for file in record["gene_sets"]:
            collection = collection_of(file["path"])
            if collection in record["options"]["declared"]:
                _need_same(file, study.folder)
                hashes.setdefault(collection, {})[study.label] = file["sha256"]
                for one in io.read_gmt(file["path"]):
                    members.setdefault(one.name, _approved(one.symbols, registry))
    differ = [name for name, found in hashes.items() if len(set(found.values())) > 1]
    said = [f"The declared collection {name} is not the same file in every study." for name in sorted(differ)]
    return members, said


def _need_same(file: Mapping[str, str], folder: Path) -> None:
    from pathlib import Path

    from dermshift import io

    path = Path(file["path"])
    found = "no such file" if not path.is_file() else f"sha256 {io.sha256(path)[:12]}..."
    if not path.is_file() or io.sha256(path) != file["sha256"]:
        expected = f"the gene sets {folder} was run with (sha256 {file['sha256'][:12]}...)"
        raise FormatError(Problem(str(path), found, expected, "Restore the file, or run the study again."))


def _approved(symbols: Sequence[str], registry: GeneRegistry) -> list[str]:
    """Return the approved symbols; a name that may mean several genes stands for none."""
    found = [(symbol, registry.approved(symbol)) for symbol in symbols]
    return list(dict.fromkeys(genes[0].symbol if genes else symbol for symbol, genes in found if len(genes) < 2))
