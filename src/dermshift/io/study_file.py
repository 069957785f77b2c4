"""The blessed study on disk, as .h5ad."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from dermshift.errors import FormatError, Problem
from dermshift.io.atomic import replacing
from dermshift.io.hdf5 import need_anndata
from dermshift.io.held import State, state
from dermshift.study import Comparison, MissingPairs, Scale, Source, Study, Timepoints

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from anndata import AnnData

KEY = "dermshift"

_held: dict[State, Study] = {}
"""The study that `hold_study` read, by the state of its file."""


def write_study(study: Study, path: Path | str) -> None:
    """Write `study` as .h5ad, atomically and with the same bytes each time.

    ``uns["dermshift"]`` holds name, scale, timepoints, sources, synthetic, missing_pairs and notes.
    """
    adata = study.adata.copy()
    # Plain text is what every anndata version reads; pandas 3 would otherwise bring its own text type.
    adata.obs = _plain_text(adata.obs)
    adata.var = _plain_text(adata.var)
    adata.uns = {KEY: _record(study)}
    with replacing(path) as temporary, _quiet():
        adata.write_h5ad(temporary, compression="gzip", convert_strings_to_categoricals=False)


def _plain_text(frame: pd.DataFrame) -> pd.DataFrame:
    plain = frame.copy()
    plain.index = plain.index.astype(object)
    for name in plain.columns:
        if not np.issubdtype(np.asarray(plain[name]).dtype, np.number):
            plain[name] = pd.Series(texts(plain[name]), index=plain.index, dtype=object)
    return plain


def texts(column: pd.Series) -> list[str]:
    """Return the cells of a column as plain text, gaps as an empty string."""
    gaps = column.isna()
    return ["" if gap else str(cell) for cell, gap in zip(column, gaps, strict=True)]


def _record(study: Study) -> dict[str, Any]:
    sources = {part: _array(getattr(source, part) for source in study.sources) for part in ("path", "sha256", "role")}
    return {
        "name": study.name,
        "scale": study.scale,
        "timepoints": {
            "before": study.timepoints.before,
            "after": study.timepoints.after,
            "further": list(study.timepoints.further),
        },
        "sources": sources,
        "synthetic": study.synthetic,
        "missing_pairs": study.missing_pairs,
        "comparison": study.comparison,
        "notes": _array(study.notes),
    }


def _array(values: Any) -> Any:
    return np.array(list(values), dtype=object)


def hold_study(path: Path | str) -> None:
    """Read a study and hold it, in place of one held before: `read_study` finds it as long as its file stays as it is.

    One at most: a run of many studies would fill the memory. Where there is no file, none is held.

    Raises
    ------
    FormatError
        The file is damaged, or was not written by `write_study`.
    """
    _held.clear()
    if found := state(path):
        _held[found] = _read(path)


def read_study(path: Path | str) -> Study:
    """Read a study that `write_study` wrote; what is done to it afterwards changes no other.

    Raises
    ------
    FormatError
        The file is missing, damaged, or was not written by `write_study`.
    """
    known = _held.get(state(path)) if _held else None
    return replace(known, adata=known.adata.copy()) if known else _read(path)


def _read(path: Path | str) -> Study:
    adata = read_h5ad(str(path))
    if KEY not in adata.uns:
        raise _not_ours(str(path), f"no uns['{KEY}']")
    record = adata.uns.pop(KEY)
    try:
        return _study(adata, record)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise _not_ours(str(path), f"uns['{KEY}'] without {error}") from error


def _not_ours(path: str, found: str) -> FormatError:
    return FormatError(Problem(path, found, "a study written by dermshift", "Run the loading step again."))


def _study(adata: AnnData, record: dict[str, Any]) -> Study:
    adata.obs, adata.var = _plain_text(adata.obs), _plain_text(adata.var)
    parts = (record["sources"][part] for part in ("path", "sha256", "role"))
    return Study(
        name=str(record["name"]),
        adata=adata,
        scale=cast("Scale", str(record["scale"])),
        timepoints=_timepoints(record["timepoints"]),
        sources=tuple(Source(str(p), str(s), str(r)) for p, s, r in zip(*parts, strict=True)),
        synthetic=bool(record["synthetic"]),
        missing_pairs=cast("MissingPairs", str(record["missing_pairs"])),
        comparison=cast("Comparison", str(record["comparison"])),
        notes=tuple(str(note) for note in record["notes"]),
    )


def _timepoints(record: dict[str, Any]) -> Timepoints:
    further = tuple(str(label) for label in record.get("further", ()))
    return Timepoints(str(record["before"]), str(record["after"]), further)


def read_h5ad(path: str) -> AnnData:
    """Read any .h5ad file; nothing in it is ever executed or unpickled.

    Raises
    ------
    FormatError
        The file is missing or no AnnData in HDF5.
    """
    from anndata.io import read_h5ad as read

    need_anndata(path)
    try:
        with _quiet():
            return read(path)
    except Exception as error:  # damage raises classes of each library, some private
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        problem = Problem(
            path, f"not readable as AnnData: {reason}", "an .h5ad file", "Check the path, or write the file again."
        )
        raise FormatError(problem) from error


@contextmanager
def _quiet() -> Iterator[None]:
    from anndata import OldFormatWarning

    with warnings.catch_warnings():
        # Repeated names are reported by our own check, with the names.
        warnings.filterwarnings("ignore", message=".*names are not unique", category=UserWarning)
        # Files of older versions are welcome.
        warnings.filterwarnings("ignore", category=OldFormatWarning)
        # anndata 0.13 asks pandas 3 for an option that pandas 4 will drop.
        warnings.filterwarnings("ignore", message="The 'future.infer_string' option", category=DeprecationWarning)
        yield
