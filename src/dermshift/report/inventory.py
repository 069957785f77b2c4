"""What every file of a bundle is, in the words of whoever opens it, and its media type."""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePosixPath

FILES = (
    ("report.html", "Start here: the whole result on one page. Opens in any browser, fetches nothing."),
    ("tables.xlsx", "The tables for Excel or LibreOffice; the first sheet says what each column is."),
    ("methods.md", "The methods section with citations, ready for a manuscript."),
    ("references.bib", "What methods.md cites, for a reference manager (BibTeX)."),
    ("tables/configured_genes.tsv", "The genes the study named beforehand, in every question."),
    ("tables/set_symbols.tsv", "Symbols of the gene sets that were renamed, not found or not tested."),
    ("tables/set_overlaps.tsv", "Genes that gene sets share."),
    ("tables/*.configured_sets.tsv", "Where the named genes stand in the ranking and in which sets, for one question."),
    ("tables/*.running.tsv", "The running enrichment score at each gene of each set, for one question."),
    ("tables/*.sets.tsv", "Every gene set by every method, for one question."),
    ("tables/*.tsv", "Every gene with its change, interval, p-value and FDR, for one question, in full precision."),
    ("figures/index.json", "The figures in reading order."),
    ("figures/*.svg", "A figure; text stays text, for editing."),
    ("figures/*.pdf", "A figure for print."),
    ("figures/*.png", "A figure for slides."),
    ("figures/*.csv", "The numbers drawn in the figure of that name, six digits."),
    ("figures/*.json", "The claim card of the figure of that name: the question, what it shows and does not show."),
    ("dossier/index.json", "The dossiers, by the names of their files."),
    ("dossier/*.html", "Everything known of one named gene, as a page."),
    ("dossier/*.json", "The same for programs."),
    ("evidence/*.refits.tsv", "Judged genes and sets with everyone and without each patient."),
    ("evidence/*.leave_one_out.tsv", "What those fits say, and the exact p of all sign patterns."),
    ("evidence/*.flips.tsv", "Genes and sets found under every sign pattern of the patients' changes."),
    ("evidence/*.power.tsv", "The smallest change these patients could have shown, and patients needed."),
    ("evidence/*.adjusted.tsv", "Changes at a constant score of what the samples are made of."),
    ("evidence/*.specifications.tsv", "The named genes by every defensible choice."),
    ("evidence/*.weights.tsv", "Quality weights of the libraries."),
    ("evidence/*.association.tsv", "Changes of named genes beside changes of sets: association only."),
    ("evidence/differences.tsv", "Every difference between groups or sites with its interval, and as a sentence."),
    ("evidence/pair_identity.tsv", "Whether each sample is closest to its own partner."),
    ("evidence/scores.tsv", "Scores of what each sample is made of; no percentages."),
    ("evidence/*.json", "Counts and exact p-values of the sign patterns, and why something has no answer."),
    ("checks.json", "What was checked before anything was tested, and what was seen."),
    ("designs.json", "Who entered each question, by which model, and who was left out and why."),
    ("enrichment.json", "Methods and settings of the gene sets, and where the sets come from."),
    ("fits/*.json", "Facts of one fit: engine, options, versions, warnings."),
    ("study.h5ad", "The checked study itself (AnnData): values, samples, genes."),
    ("identifiers.tsv", "Every identifier of the matrix and as what it was read."),
    ("probes.tsv", "Every probe set and whether it stands for its gene."),
    ("README.txt", "This list, and how to check the bundle."),
    ("verify.py", "Checks the bundle with Python alone."),
    ("ro-crate-metadata.json", "The same files for archives and data portals (RO-Crate)."),
    ("manifest.json", "The sha256 of every file, the inputs, versions, seeds, configuration and headline numbers."),
)
"""Pattern (``*`` for the name of a question, figure, gene or fit) and words; the first that fits counts."""

MEDIA = {
    ".bib": "application/x-bibtex",
    ".csv": "text/csv",
    ".h5ad": "application/x-hdf5",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(re.escape(pattern).replace(r"\*", "[^/]+")) for pattern, _ in FILES)


def described(name: str) -> tuple[str, str]:
    """Return the pattern a file belongs to, and what it is.

    Raises
    ------
    KeyError
        No file a bundle knows.
    """
    for (pattern, words), form in zip(FILES, _forms(), strict=True):
        if form.fullmatch(name):
            return pattern, words
    raise KeyError(name)


def media_type(name: str) -> str:
    """Return the media type of a file by its suffix."""
    return MEDIA[PurePosixPath(name).suffix]
