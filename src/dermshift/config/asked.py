"""A configuration that names a contrast file: its questions are added, and its timepoints where it is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.config.contrast_asks import only_pair, translate
from dermshift.config.contrasts import read_contrasts
from dermshift.config.roles import Roles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dermshift.config.contrasts import Contrast
    from dermshift.config.schema import Config
    from dermshift.design.question import Ask


def asked_by_contrasts(value: Mapping[str, object], valid: Callable[[Mapping[str, object]], Config]) -> Config:
    """Return the config `value` describes, with the questions of the file ``contrasts`` before its own.

    Without ``questions`` those of the file are the only ones. Without ``study.timepoints`` the one pair of timepoints
    in the file is taken.

    Raises
    ------
    ConfigError
        As from `valid`; the contrast file cannot be read, or asks what cannot be answered.
    """
    path = value.get("contrasts")
    if not isinstance(path, str) or not path:
        return valid(value)
    contrasts = read_contrasts(path)
    config = valid(_with_timepoints(value, contrasts, path))
    study = config.study
    columns = {role: column for role, column in study.columns.model_dump().items() if column}
    asks = translate(contrasts, Roles(columns, study.timepoints.timepoints, study.timepoints.others))
    own = config.asks if "questions" in value else ()
    questions = [_written(ask) for ask in dict.fromkeys((*asks, *own))]
    return valid(config.model_dump(mode="json", exclude_none=True) | {"questions": questions})


def _with_timepoints(value: Mapping[str, object], contrasts: tuple[Contrast, ...], path: str) -> Mapping[str, object]:
    study = value.get("study")
    if not isinstance(study, dict) or "timepoints" in study:
        return value
    columns = study.get("columns")
    visit = columns.get("timepoint", "timepoint") if isinstance(columns, dict) else "timepoint"
    before, after = only_pair(contrasts, str(visit), path)
    return {**value, "study": {**study, "timepoints": {"before": before, "after": after}}}


def _written(ask: Ask) -> str | dict[str, str]:
    """Return a question as it is written in a config."""
    keys = {"by": ask.by, "slope": ask.slope, "within": ask.within, "block": "random" if ask.block == "random" else ""}
    return {key: text for key, text in keys.items() if text} or "response"
