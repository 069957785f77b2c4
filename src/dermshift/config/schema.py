"""Every key a configuration may hold; any other key is an error."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from dermshift.design.question import Ask
from dermshift.engines.base import EngineOptions
from dermshift.io.cache import resolve
from dermshift.names import DOSING, MAPPED, SAFE_ID
from dermshift.study import Comparison, Duplicates, StatedScale, Strand, StudySpec, Timepoints

SafeId = Annotated[str, StringConstraints(pattern=rf"^{SAFE_ID.pattern}$")]
Text = Annotated[str, StringConstraints(min_length=1)]
ROLE_KEYS = ("sample", *MAPPED)
CHOICES = (
    "min_count", "independent_filtering", "reference", "test", "lfc_threshold", "alternative", "trend", "robust",
    "array_weights",
)  # fmt: skip
"""Keys of ``analysis`` that a fit and its refits share."""


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TimepointsSection(_Closed):
    """``study.timepoints``: the sheet's labels for before and after."""

    before: SafeId
    after: SafeId | Annotated[tuple[SafeId, ...], Field(min_length=1)]
    others: tuple[Text, ...] = ()

    @property
    def timepoints(self) -> Timepoints:
        """The labels as the design reads them: of several visits the first is the main one."""
        visits = (self.after,) if isinstance(self.after, str) else self.after
        return Timepoints(self.before, visits[0], visits[1:])


class ColumnsSection(_Closed):
    """``study.columns``: which column of the sheet plays which role; patient and timepoint are always needed."""

    sample: Text | None = None
    file: Text | None = None
    patient: Text = "patient"
    timepoint: Text = "timepoint"
    sex: Text | None = None
    compartment: Text | None = None
    dose_mg: Text | None = None
    doses_per_week: Text | None = None
    weight_kg: Text | None = None
    days_on_drug: Text | None = None


class StudySection(_Closed):
    """``study``: where the values and the sheet are, and how to read them."""

    name: SafeId
    matrix: Text
    samples: Text
    scale: StatedScale = "auto"
    log2_offset: Annotated[float, Field(ge=0)] = 0.0
    columns: ColumnsSection = ColumnsSection()
    timepoints: TimepointsSection
    strand: Strand = "auto"
    duplicates: Duplicates = "error"
    missing_pairs: Literal["error", "drop"] = "error"
    comparison: Comparison = "on_drug"
    synthetic: bool = False


class AskSection(_Closed):
    """One line of ``questions`` other than ``response``."""

    by: SafeId | None = None
    slope: SafeId | None = None
    within: SafeId | None = None
    block: Literal["fixed", "random"] = "fixed"

    @property
    def ask(self) -> Ask:
        """The question as the design reads it."""
        return Ask(self.by or "", self.within or "", self.block, self.slope or "")

    @model_validator(mode="after")
    def _within_needs_by(self) -> AskSection:
        """Refuse a line that asks nothing, two things, or restricts nothing."""
        if self.slope is not None and (self.by is not None or self.block == "random"):
            kind, text = "slope_alone", "a slope without the keys 'by' and 'block'"
            raise PydanticCustomError(kind, text)
        if self.slope is None and self.by is None and (self.within is not None or self.block == "fixed"):
            kind, text = "missing_by", "a question with the key 'by'"
            raise PydanticCustomError(kind, text)
        return self


class AnnotationSection(_Closed):
    """``annotation``: tables of known genes."""

    genes: str = "data/genes.tsv"
    sex_genes: str = "data/sex_genes.tsv"
    probes: str = ""
    probe_rule: Literal["highest_mean", "every"] = "highest_mean"
    transcripts: str = ""
    regimens: str = "data/regimens.tsv"


class SexCheckSection(_Closed):
    """``sex_check``: samples whose mismatch between recorded and expressed sex has been seen and is accepted."""

    acknowledged: tuple[Text, ...] = ()


class AnalysisSection(_Closed):
    """``analysis``: the numbers an analyst may set."""

    engine: SafeId = "auto"
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    min_count: Annotated[int, Field(ge=0)] = 10
    independent_filtering: bool = False
    shrink: bool = True
    reference: Literal["t", "normal"] = "t"
    test: Literal["wald", "lrt"] = "wald"
    lfc_threshold: Annotated[float, Field(ge=0, le=20)] = 0.0
    alternative: Literal["greaterAbs", "lessAbs", "greater", "less"] = "greaterAbs"
    trend: bool = False
    robust: bool = False
    array_weights: bool = False
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    permutations: Annotated[int, Field(ge=100, le=1_000_000)] = 1000

    @property
    def options(self) -> EngineOptions:
        """The choices of the model."""
        return EngineOptions(**{name: getattr(self, name) for name in CHOICES})


class EnrichmentSection(_Closed):
    """``enrichment``: how many tested genes a set must and may have."""

    min_size: Annotated[int, Field(ge=2, le=1000)] = 5
    max_size: Annotated[int, Field(ge=2, le=20_000)] = 500


class EvidenceSection(_Closed):
    """``evidence``: gene sets of `gene_sets` that play a part in judging a result."""

    top: Annotated[int, Field(ge=0, le=500)] = 25
    scores: tuple[Text, ...] = ()
    adjust_for: str = ""
    receptors: tuple[Text, ...] = ()
    sources: tuple[Text, ...] = ()
    association: str = ""
    anchors: str = ""

    @property
    def sets(self) -> tuple[str, ...]:
        """Every set named, once."""
        single = [name for name in (self.adjust_for, self.association) if name]
        return tuple(dict.fromkeys((*self.scores, *self.receptors, *self.sources, *single)))


class FiguresSection(_Closed):
    """``figures``: which families are drawn; all where none is named."""

    families: tuple[SafeId, ...] = ()


class Config(_Closed):
    """A whole configuration."""

    study: StudySection
    contrasts: Text | None = None
    questions: Annotated[tuple[Literal["response"] | AskSection, ...], Field(min_length=1)] = ("response",)
    genes: dict[SafeId, Text] = {}
    gene_sets: tuple[Text, ...] = ()
    declared: tuple[Text, ...] = ()
    annotation: AnnotationSection = AnnotationSection()
    sex_check: SexCheckSection = SexCheckSection()
    analysis: AnalysisSection = AnalysisSection()
    enrichment: EnrichmentSection = EnrichmentSection()
    evidence: EvidenceSection = EvidenceSection()
    figures: FiguresSection = FiguresSection()
    out: Text = "results"

    @field_validator("genes", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        """Read a key with nothing behind it as an empty mapping."""
        return {} if value == "" else value

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The questions as the design reads them."""
        return tuple(Ask() if q == "response" else q.ask for q in self.questions)

    @property
    def asked(self) -> frozenset[str]:
        """Columns the response is broken down by."""
        return frozenset(ask.by for ask in self.asks if ask.by)

    @property
    def set_files(self) -> tuple[str, ...]:
        """Paths of the GMT files; those of ``sets:...`` are in the cache."""
        return tuple(resolve(text) for text in self.gene_sets)

    @property
    def spec(self) -> StudySpec:
        """What the readers and checks need to know."""
        study = self.study
        columns = {role: column for role in ROLE_KEYS if (column := getattr(study.columns, role))}
        return StudySpec(
            name=study.name,
            matrix=resolve(study.matrix),
            samples=study.samples,
            columns=columns,
            timepoints=study.timepoints.timepoints,
            scale=study.scale,
            log2_offset=study.log2_offset,
            missing_pairs=study.missing_pairs,
            genes=self.annotation.genes,
            sex_genes=self.annotation.sex_genes,
            acknowledged=self.sex_check.acknowledged,
            comparison=study.comparison,
            synthetic=study.synthetic,
            other_timepoints=study.timepoints.others,
            probes=resolve(self.annotation.probes),
            probe_rule=self.annotation.probe_rule,
            transcripts=self.annotation.transcripts,
            strand=study.strand,
            duplicates=study.duplicates,
            regimens=self.annotation.regimens if set(columns) & set(DOSING) else "",
        )
