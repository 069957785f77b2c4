"""A finished run, as notebooks show it: the report's own tables, sentences and figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dermshift.notebook.shown import Lines, Pictures, Table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from dermshift.report.facts import Facts
    from dermshift.study import Study


@dataclass(frozen=True)
class Results:
    """Everything of one study; what the methods return shows itself.

    Parameters
    ----------
    folder
        ``results/<study>``.
    facts
        What the report was made of.
    """

    folder: Path
    facts: Facts

    @classmethod
    def of(cls, folder: Path) -> Results:
        """Read the folder of a study."""
        from dermshift import io
        from dermshift.cli.report import facts

        alpha = io.read_json(folder / "manifest.json")["config"]["analysis"]["alpha"]
        return cls(folder, facts(folder, float(alpha)))

    def __repr__(self) -> str:
        facts = self.facts
        start = f"{facts.name}: {facts.n_samples} samples of {facts.n_patients} patients"
        return f"{start}, {len(facts.cards)} questions" + (" (synthetic data)" if facts.synthetic else "")

    @cached_property
    def study(self) -> Study:
        """The checked study: values, sheet, gene annotation."""
        from dermshift import io

        return io.read_study(self.folder / "study.h5ad")

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every gene at full precision, by the id of the question; columns as in docs/output.md."""
        return self.facts.tables

    @property
    def questions(self) -> list[str]:
        """Ids of the questions."""
        return [card["id"] for card in self.facts.cards]

    def who(self) -> Table:
        """Patients by the labels of their samples."""
        from dermshift.names import PATIENT
        from dermshift.notebook.tables import as_table
        from dermshift.report.words import plain

        roles = [role for role in self.study.roles if role != PATIENT]
        patients = self.study.sheet.groupby(roles, observed=True)[PATIENT].nunique()
        frame = patients.rename("patients").reset_index()
        return as_table(frame.assign(**{role: frame[role].map(plain) for role in roles}), numeric=("patients",))

    def checks(self) -> Table:
        """Every check, its verdict and what it rests on."""
        from dermshift.notebook.tables import findings

        return findings(self.facts.checks)

    def models(self) -> Table:
        """Every question with its patients, its model in plain words and the residual degrees of freedom."""
        from dermshift.report.page import designs

        return Table(designs(self.facts))

    def found(self) -> Lines:
        """Return one sentence per main question: how many genes pass, of how many, in how many patients."""
        from dermshift.report.summary import found

        return Lines(tuple(found(self.facts)))

    def answers(self) -> Table:
        """Genes that pass, question by question."""
        from dermshift.report.summary import answers

        return Table(answers(self.facts))

    def limits(self) -> Lines:
        """What these data cannot say."""
        from dermshift.report.summary import limits

        return Lines(tuple(limits(self.facts)))

    def genes(self, question: str) -> Table:
        """Return the genes of smallest p of one question; all of them are in `tables`."""
        from dermshift.report.evidence import badges
        from dermshift.report.genes import top_genes

        return Table(top_genes(self.facts.tables[question], badges(self.facts, question)))

    def sets(self) -> Table:
        """Return the declared gene sets by every method, question by question."""
        from dermshift.report.sets import declared_sets

        return Table(declared_sets(self.facts))

    def set_sentences(self) -> Lines:
        """Which declared sets move, and where the configured genes stand in them."""
        from dermshift.report.sets import answered, standing

        return Lines((*answered(self.facts), *standing(self.facts)))

    def configured(self) -> Table:
        """Return the genes named in the configuration, in every question."""
        from dermshift.report.genes import CAUTION, configured_genes

        return Table(configured_genes(self.facts), CAUTION)

    def gene_sentences(self) -> Lines:
        """Return one sentence per configured gene and main question."""
        from dermshift.report.genes import gene_sentences

        return Lines(tuple(gene_sentences(self.facts)))

    def dossier(self, gene: str) -> Mapping[str, Table | Lines]:
        """Return the parts of a dossier by name: answers, p_values, left_out, differences, power, specifications."""
        from dermshift.notebook.dossier import parts

        return parts(gene, self.facts)

    def figures(self, *names: str) -> Pictures:
        """Return figures by id; one that ends in ``_`` stands for every id that starts so.

        A figure this study has no use for is left out.
        """
        known = {picture.id: picture for picture in self.facts.pictures}
        chosen: dict[str, Any] = {}
        for name in names:
            ids = [one for one in known if one.startswith(name)] if name.endswith("_") else [name]
            chosen |= {one: known[one] for one in ids if one in known}
        return Pictures(tuple(chosen.values()))
