"""The study: expression values, who they come from, and where they were read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from dermshift.names import COMPARTMENT, PATIENT, SEX, TIMEPOINT

if TYPE_CHECKING:
    import pandas as pd
    from anndata import AnnData

Scale = Literal["counts", "log2"]
StatedScale = Literal["auto", "counts", "estimated_counts", "log2", "linear"]
"""What a user may say of the values; of ``linear`` intensities log2 is taken, ``estimated_counts`` are rounded."""
Strand = Literal["auto", "unstranded", "forward", "reverse"]
"""Which reads a strand-specific library counts for a gene; ``auto`` lets the counts themselves tell."""
Duplicates = Literal["error", "sum", "keep"]
"""What becomes of rows that share an identifier: refused, added up, or kept as rows of their own."""
MissingPairs = Literal["error", "drop"]
Comparison = Literal["on_drug", "conditions"]
"""Before and after a drug in one arm, or two conditions (tissues, treatments) of the same patients."""


@dataclass(frozen=True)
class Timepoints:
    """Which label of the sheet is 'before', which is 'after', and which visits came besides.

    Parameters
    ----------
    after
        The visit of ``response`` and its breakdowns.
    further
        Other visits; each has its part in the questions by timepoint.
    """

    before: str
    after: str
    further: tuple[str, ...] = ()

    @property
    def visits(self) -> tuple[str, ...]:
        """Every visit that is compared with ``before``, the main one first."""
        return (self.after, *self.further)


@dataclass(frozen=True)
class Source:
    """A file that was read: its path as given, its sha256 and what it was read for."""

    path: str
    sha256: str
    role: str


@dataclass(frozen=True)
class StudySpec:
    """What the user says of a study, before anything is read.

    Parameters
    ----------
    columns
        Canonical role (`sample`, `file`, those of `names.ROLES` and `names.DOSING`) to column name in the sheet.
        `sample` defaults to the first column; an absent role means the study has none.
    log2_offset
        Added to linear intensities before log2.
    genes
        TSV of known genes (`genes.GeneRegistry`), or an empty string for none.
    sex_genes
        TSV of sex-linked genes with CPM limits, or an empty string for no sex check.
    other_timepoints
        Labels of the timepoint column whose samples take no part.
    acknowledged
        Samples whose sex mismatch the user has seen and accepts.
    probes
        Annotation of the array's probe sets, or an empty string for none.
    probe_rule
        Which probe sets stand for a gene: ``highest_mean`` (one per gene) or ``every``.
    transcripts
        Map of transcripts to genes, or an empty string; quantifications of transcripts need it.
    strand
        Which column of strand-specific counts is read.
    duplicates
        What becomes of rows that share an identifier.
    regimens
        TSV of published definitions of regimens, or an empty string for none.
    """

    name: str
    matrix: str
    samples: str
    columns: dict[str, str]
    timepoints: Timepoints
    scale: StatedScale = "auto"
    log2_offset: float = 0.0
    missing_pairs: MissingPairs = "error"
    genes: str = ""
    sex_genes: str = ""
    acknowledged: tuple[str, ...] = ()
    synthetic: bool = False
    other_timepoints: tuple[str, ...] = ()
    comparison: Comparison = "on_drug"
    probes: str = ""
    probe_rule: str = "highest_mean"
    transcripts: str = ""
    strand: Strand = "auto"
    duplicates: Duplicates = "error"
    regimens: str = ""


@dataclass(frozen=True)
class Study:
    """A checked study.

    Parameters
    ----------
    name
        Safe identifier, used in paths.
    adata
        Samples x genes. ``X`` is a dense float64 array: raw integer counts (scale ``counts``) or log2 values
        (``log2``). ``obs`` is indexed by sample (text) and holds ``patient``, ``timepoint`` and, where the study has
        them, ``sex`` and ``compartment``, all text, plus the sheet's other columns. ``var`` is indexed by gene id
        (text, unique, version removed) and holds ``gene_symbol`` (text, "" where unknown) and ``gene_id_original``.
        A study with annotated probe sets also has ``set_aside``: "" for one that stands for its gene, else the reason.
    scale
        ``counts`` or ``log2``.
    """

    name: str
    adata: AnnData
    scale: Scale
    timepoints: Timepoints
    sources: tuple[Source, ...] = ()
    synthetic: bool = False
    missing_pairs: MissingPairs = "error"
    comparison: Comparison = "on_drug"
    notes: tuple[str, ...] = field(default=())

    @property
    def sheet(self) -> pd.DataFrame:
        """Sample sheet with canonical column names, indexed by sample."""
        frame: pd.DataFrame = self.adata.obs
        return frame

    @property
    def genes(self) -> pd.DataFrame:
        """Gene annotation, indexed by gene id."""
        frame: pd.DataFrame = self.adata.var
        return frame

    @property
    def values(self) -> pd.DataFrame:
        """Samples x genes frame of the values."""
        frame: pd.DataFrame = self.adata.to_df()
        return frame

    def levels(self, column: str) -> list[str]:
        """Return the sorted labels of a sheet column, or an empty list where the study lacks it."""
        return sorted(self.sheet[column].astype(str).unique()) if column in self.sheet else []

    @property
    def compartments(self) -> list[str]:
        """Sorted compartments; empty where the study has none."""
        return self.levels(COMPARTMENT)

    @property
    def roles(self) -> list[str]:
        """The canonical columns this study has."""
        return [role for role in (PATIENT, TIMEPOINT, SEX, COMPARTMENT) if role in self.sheet]
