"""JSON that is the same bytes each time."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dermshift.errors import FormatError, Problem
from dermshift.io.atomic import write_bytes


def plain(value: Any) -> Any:
    """Return `value` in the types JSON knows; NaN, NA and infinities become None.

    Raises
    ------
    TypeError
        A type JSON has no word for.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return plain(value.tolist())
    return _scalar(value)


def _scalar(value: object) -> object:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (str, int)):
        return value
    if isinstance(value, Path):
        return value.as_posix()
    message = f"cannot write {type(value).__name__} as JSON"
    raise TypeError(message)


def write_json(value: Any, path: Path | str) -> None:
    """Write `value` as UTF-8 JSON: sorted keys, indent 2, one newline at the end, NaN as null."""
    text = json.dumps(plain(value), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    write_bytes(f"{text}\n".encode(), path)


def read_json(path: Path | str) -> Any:
    """Read a JSON file.

    Raises
    ------
    FormatError
        The file is missing or no JSON.
    """
    try:
        return json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        problem = Problem(
            str(path), str(error), "a JSON file", "Restore the file, or run the step that writes it again."
        )
        raise FormatError(problem) from error
