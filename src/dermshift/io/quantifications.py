"""Quantifications of transcripts by salmon or kallisto, summed to counts of genes."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dermshift.checks.finding import Finding, capped, listed
from dermshift.errors import FormatError, Problem
from dermshift.io.decode import refuse
from dermshift.io.gene_sums import length_scaled_counts
from dermshift.io.kinds import kind_of, kinds_in
from dermshift.io.matrix import NO_HINTS, Hints, Matrix, Reader
from dermshift.io.one_per_sample import Part, find, stack
from dermshift.io.quantified import read_kallisto, read_salmon
from dermshift.io.transcripts import TranscriptMap, read_transcript_map

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from dermshift.io.kinds import Kind

MOST_UNMAPPED = 0.05
"""Share of the reads of a sample on transcripts without a gene, above which the map is not the right one."""


def _read(kind: Kind, read: Callable[[str], Part], path: str, samples: Sequence[str], hints: Hints) -> Matrix:
    assigned, said = find(path, kind, samples, hints)
    if not hints.transcripts:
        action = "Set annotation.transcripts to a table of transcripts and genes (tx2gene), as CSV or TSV."
        raise refuse(path, f"{kind} quantifications and no map of transcripts", "a map of transcripts to genes", action)
    files = {name: str(file) for name, file in assigned.files.items()}
    transcripts, values, moved = stack((read(file) for file in files.values()), "transcripts", len(files))
    _need_reads(files, values)
    known = read_transcript_map(hints.transcripts, transcripts)
    mapped = np.array([bool(gene) for gene in known.genes])
    unmapped = _need_mapped(hints.transcripts, transcripts, mapped, dict(zip(files, values, strict=True)))
    abundance, counts, lengths = (values[:, mapped, place].T for place in range(3))
    genes, summed = length_scaled_counts(abundance, counts, lengths, [gene for gene in known.genes if gene])
    return Matrix(
        values=summed.T.copy(),
        samples=tuple(files),
        genes=genes,
        symbols=tuple(known.symbols.get(gene, "") for gene in genes) if known.symbols else None,
        unlisted=tuple(assigned.surplus),
        doubled=(),
        findings=(*said, *moved, *_findings(kind, len(transcripts), len(genes), known), unmapped),
        estimated=True,
        files=tuple(sorted(files.values())),
    )


def _findings(kind: str, transcripts: int, genes: int, known: TranscriptMap) -> tuple[Finding, ...]:
    text = f"{kind}, {transcripts} transcripts summed to {genes} genes: length-scaled counts"
    how = f"tximport's lengthScaledTPM, by pytximport {version('pytximport')}"
    return (Finding("matrix_layout", "note", f"{text} ({how}); no offsets are used"), *known.findings)


def _need_reads(files: dict[str, str], values: npt.NDArray[np.float64]) -> None:
    """Refuse a file with values no quantifier writes, or without any read."""
    problems = []
    for file, table in zip(files.values(), values, strict=True):
        sound = np.isfinite(table) & (table >= 0)
        found = "no reads on any transcript" if not np.nansum(table[:, 0]) or not np.nansum(table[:, 1]) else ""
        if not sound.all():
            found = found or f"{int((~sound).any(axis=1).sum())} transcripts with negative or missing values"
        if found:
            action = "Run the quantification of this sample again, or leave the sample out of the sheet."
            problems.append(Problem(file, found, "TPM, reads and effective lengths of zero or more", action))
    if problems:
        raise FormatError(*capped(problems))


def _need_mapped(
    path: str, transcripts: Sequence[str], mapped: npt.NDArray[np.bool_], values: dict[str, npt.NDArray[np.float64]]
) -> Finding:
    """Say what the map lacks; refuse a map that lacks the genes of many reads."""
    lacking = [name for name, known in zip(transcripts, mapped, strict=True) if not known]
    share = {name: float(table[~mapped, 1].sum() / table[:, 1].sum()) for name, table in values.items()}
    worst = max(share, key=lambda name: share[name])
    text = f"{len(lacking)} of {len(transcripts)} transcripts have no gene in {path}"
    text = f"{text}, with at most {share[worst]:.2%} of the reads of a sample ({worst})" if lacking else text
    text = f"{text}: {listed(lacking, 5)}" if lacking else text
    if share[worst] > MOST_UNMAPPED:
        action = "Make the map from the annotation the index was built from."
        raise refuse(path, text, f"genes for {1 - MOST_UNMAPPED:.0%} of the reads of every sample", action)
    return Finding("transcripts_without_gene", "note", f"{text}; left out" if lacking else text)


def _recognises(kind: Kind) -> Callable[[str], bool]:
    return lambda path: kinds_in(path, NO_HINTS) == [kind] if Path(path).is_dir() else kind_of(path) == kind


def read_salmon_folder(path: str, samples: Sequence[str], hints: Hints = NO_HINTS) -> Matrix:
    """Read a folder of salmon quantifications.

    Raises
    ------
    FormatError
        Files that cannot be read or do not fit together, or no sufficient map of transcripts.
    """
    return _read("salmon", read_salmon, path, samples, hints)


def read_kallisto_folder(path: str, samples: Sequence[str], hints: Hints = NO_HINTS) -> Matrix:
    """Read a folder of kallisto quantifications, text or HDF5.

    Raises
    ------
    FormatError
        Files that cannot be read or do not fit together, or no sufficient map of transcripts.
    """
    return _read("kallisto", read_kallisto, path, samples, hints)


SALMON = Reader(
    name="salmon",
    summary="folder of salmon quantifications (quant.sf), with annotation.transcripts; length-scaled counts of genes",
    suffixes=(),
    function=read_salmon_folder,
    recognises=_recognises("salmon"),
)
KALLISTO = Reader(
    name="kallisto",
    summary="folder of kallisto quantifications (abundance.tsv or .h5), with annotation.transcripts; as salmon",
    suffixes=(),
    function=read_kallisto_folder,
    recognises=_recognises("kallisto"),
)
