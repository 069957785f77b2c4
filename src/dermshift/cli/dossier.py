"""``dermshift dossier``: what concerns all questions at once, and everything known of each named gene."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dermshift.cli.options import Alpha, Folder, Genes, SexGenes  # noqa: TC001 -- typer reads annotations at run time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from dermshift.evidence.dossier import Shelf
    from dermshift.genes import GeneRegistry, GeneSet
    from dermshift.study import Study

Sets = Annotated[list[str], typer.Option("--gene-set", help="GMT file; repeat for several.")]
KEPT = ("refits", "leave_one_out", "power", "adjusted", "specifications", "association")


def dossier(
    out: Folder,
    alpha: Alpha = 0.05,
    gene_set: Sets = [],  # noqa: B006 -- read by typer once, never changed
    score: Annotated[list[str], typer.Option(help="Gene set scored in every sample.")] = [],  # noqa: B006
    receptors: Annotated[list[str], typer.Option(help="Gene set of receptors.")] = [],  # noqa: B006
    source: Annotated[list[str], typer.Option(help="Panel of cells the gene may come from.")] = [],  # noqa: B006
    anchors: Annotated[str, typer.Option(help="TSV of published statements; empty for none.")] = "",
    genes: Genes = "",
    sex_genes: SexGenes = "",
) -> None:
    """Write difference cards, pair identity and scores of OUT, and dossier/GENE.json of every configured gene."""
    from dermshift import evidence_names, io
    from dermshift.cli.labels import labels
    from dermshift.evidence.dossier import dossier as gather
    from dermshift.genes import GeneRegistry

    registry = io.read_genes(genes) if genes else GeneRegistry()
    sets = {one.name: one for path in gene_set for one in io.read_gmt(path)}
    shelf = gathered(out, sets, registry, alpha, tuple(receptors), tuple(source), anchors)
    folder = out / "evidence"
    io.write_table(shelf.differences, folder / "differences.tsv", evidence_names.DIFFERENCE_COLUMNS)
    io.write_table(identity(shelf, sex_genes), folder / "pair_identity.tsv", evidence_names.IDENTITY_COLUMNS)
    scored = scores(shelf, [sets[name] for name in score], registry)
    io.write_table(scored, folder / "scores.tsv", evidence_names.SCORE_COLUMNS)
    roles = {gene: role for table in shelf.results.values() for gene, role in flagged(table)}
    written: list[str] = []
    for gene, label in labels(dict(shelf.results), registry).items():
        found = gather(gene, label, roles[gene], shelf)
        name = file_name(found["gene_symbol"], gene, taken=written)
        io.write_json(found, out / "dossier" / f"{name}.json")
        written.append(name)
    drop_others(out / "dossier", written)
    io.write_json(written, out / "dossier" / "index.json")


def flagged(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return gene id and role of the configured genes of a table."""
    rows = table[table["flag"].notna()]
    return list(zip(rows["gene_id"], rows["flag"], strict=True))


def file_name(symbol: str, gene: str, taken: Sequence[str] = ()) -> str:
    """Return the symbol where it is safe in a path and not taken by another probe set, else the gene id made safe."""
    import re

    from dermshift.names import SAFE_ID, short_file_name

    if SAFE_ID.fullmatch(str(symbol)) and symbol not in taken:
        return short_file_name(symbol, gene)
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", f"{symbol if symbol in taken else 'gene'}_{gene}")
    return short_file_name(safe, gene, taken)


def gathered(
    out: Path, sets: dict[str, GeneSet], registry: GeneRegistry, alpha: float, receptors: tuple[str, ...],
    sources: tuple[str, ...], anchors: str,
) -> Shelf:  # fmt: skip
    """Read everything the dossiers are made of."""
    import pandas as pd

    from dermshift import evidence_names, io, quality
    from dermshift.cli.outputs import cards, read_tables
    from dermshift.enrich.mapping import gene_id, symbol_ids
    from dermshift.evidence.dossier import Shelf

    study, known = io.read_study(out / "study.h5ad"), cards(out)
    questions = [card["id"] for card in known]
    parts = {
        kind: {
            name: io.read_table(out / "evidence" / f"{name}.{kind}.tsv", evidence_names.BY_KIND[kind])
            for name in questions
        }
        for kind in KEPT
    }
    results = read_tables(out, questions)
    ids, every = symbol_ids(next(iter(results.values()))), set(study.genes.index)
    return Shelf(
        study=study, cards=known, results=results, refits=parts["refits"], left_out=parts["leave_one_out"],
        power=parts["power"], adjusted=parts["adjusted"], specifications=parts["specifications"],
        association=parts["association"], differences=differences(known, results, parts["refits"], alpha),
        facts={name: io.read_json(out / "evidence" / f"{name}.json") for name in questions},
        expression=quality.log2_expression(study),
        receptors={
            name: [(symbol, gene_id(symbol, ids, every, registry)) for symbol in sets[name].symbols]
            for name in receptors
        },
        sources=sources,
        anchors=io.read_table(anchors, evidence_names.ANCHOR_COLUMNS) if anchors else pd.DataFrame(),
    )  # fmt: skip


def differences(
    known: list[dict[str, Any]], results: Mapping[str, pd.DataFrame], refits: Mapping[str, pd.DataFrame], alpha: float
) -> pd.DataFrame:
    """Return the difference cards of every difference question, by the engine and by the patients' own changes."""
    import pandas as pd

    from dermshift import evidence_names
    from dermshift.evidence.cards import difference_cards

    names = [column.name for column in evidence_names.DIFFERENCE_COLUMNS]
    parts = []
    for card in known:
        if card["kind"] != "difference":
            continue
        everyone = full(refits[card["id"]])
        fdr = results[card["id"]].set_index("gene_id")["fdr"]
        for method, rows in everyone.groupby("method", sort=False):
            frame = rows.set_index("item")
            # a gene found by looking at all of them is judged by the false discovery rate, whatever the method
            frame = frame.assign(fdr=fdr.reindex(frame.index).where(frame["kind"] == "top"))
            of_level = {
                level: every_gene(results[name]) if method == "engine" else own(refits[name])
                for level, name in level_questions(card, known).items()
            }
            found = difference_cards(card, str(method), of_level, frame, alpha=alpha)
            parts.append(
                found.assign(question=card["id"], label=frame["label"].to_numpy(), kind=frame["kind"].to_numpy())
            )
    return pd.concat(parts, ignore_index=True)[names] if parts else pd.DataFrame(columns=names)


def full(refits: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with every patient."""
    return refits[refits["left_out"] == ""]


def every_gene(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of genes under the names of the evidence tables, index gene id."""
    return table.rename(columns={"log2_fold_change": "estimate"}).set_index("gene_id")


def own(refits: pd.DataFrame) -> pd.DataFrame:
    """Return the patients' own changes of every item, index item."""
    rows = full(refits)
    return rows[rows["method"] == "paired_t"].set_index("item")


def level_questions(card: dict[str, Any], known: list[dict[str, Any]]) -> dict[str, str]:
    """Return the question that answers each level of a difference."""
    return {
        other["levels"][0]: other["id"]
        for other in known
        if other["kind"] == "response_within"
        and other["column"] == card["column"]
        and other["within"] == card["within"]
        and other.get("block") == card.get("block")
    }


def identity(shelf: Shelf, sex_genes: str) -> pd.DataFrame:
    """Return whether each sample's closest relative is its own partner."""
    from dermshift import evidence_names, io
    from dermshift.evidence.identity import pair_identity
    from dermshift.names import TESTED

    known: dict[str, list[str]] = {"female": [], "male": []}
    if sex_genes:
        known |= sex_gene_ids(shelf.study, io.read_sex_genes(sex_genes))
    table = next(iter(shelf.results.values()))
    usual = set(table.loc[table["status"] == TESTED, "gene_id"]) | {gene for ids in known.values() for gene in ids}
    expression = shelf.expression[[gene for gene in shelf.expression if gene in usual]]
    found = pair_identity(expression, shelf.study.sheet, shelf.study.timepoints, known)
    return found.reindex(columns=[column.name for column in evidence_names.IDENTITY_COLUMNS])


def sex_gene_ids(study: Study, sex_genes: pd.DataFrame) -> dict[str, list[str]]:
    """Return the ids of the sex genes the matrix holds, by the sex that expresses them."""
    symbols = study.genes["gene_symbol"]
    found = {}
    for sex, rows in sex_genes.groupby("sex"):
        here = study.genes.index.isin(rows["ensembl_id"]) | symbols.isin(rows["gene_symbol"])
        found[str(sex)] = [str(gene) for gene in study.genes.index[here]]
    return found


def scores(shelf: Shelf, sets: list[GeneSet], registry: GeneRegistry) -> pd.DataFrame:
    """Return the score of every sample in every set."""
    from dermshift import evidence_names
    from dermshift.enrich.mapping import gene_id, symbol_ids
    from dermshift.evidence.composition import scores as score

    ids, every = symbol_ids(next(iter(shelf.results.values()))), set(shelf.study.genes.index)
    panels = {one.name: [gene_id(symbol, ids, every, registry) or symbol for symbol in one.symbols] for one in sets}
    values, coverage = score(shelf.expression, panels)
    long = values.rename_axis("sample").reset_index().melt("sample", var_name="score", value_name="value")
    found = long.merge(coverage.rename(columns={"panel": "score"}), on="score", how="left")
    return found.reindex(columns=[column.name for column in evidence_names.SCORE_COLUMNS])


def drop_others(folder: Path, kept: list[str]) -> None:
    """Remove dossiers of genes that are no longer configured."""
    for path in folder.glob("*.json"):
        if path.stem not in {*kept, "index"}:
            path.unlink()
