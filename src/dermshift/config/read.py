"""Reading a configuration: every wrong key and value at once."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel, ValidationError

from dermshift.config.asked import asked_by_contrasts
from dermshift.config.schema import Config
from dermshift.config.text import read_yaml
from dermshift.engines.options import need_one_test
from dermshift.errors import ConfigError, Problem
from dermshift.io.gene_files import collection_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

BRANCHES = ("literal[", "function-", "constrained-", "tuple[")
"""How pydantic names the branches of a union."""
TEMPLATING = ("__use_yte__", "__definitions__", "__variables__")
"""Keys that make Snakemake's configuration reader run Python."""


def read_config(path: str | Path) -> Config:
    """Read and validate a configuration file.

    Raises
    ------
    ConfigError
        With every unknown key (and the nearest valid one), missing key and value outside its range.
    """
    path = Path(path)
    value = read_yaml(path)
    return validate(value, str(path))


def validate(value: Mapping[str, object], where: str) -> Config:
    """Return the `Config` that `value` describes; `where` names its source in messages."""
    templating = [key for key in TEMPLATING if key in value]
    if templating:
        found = f"the templating key {', '.join(templating)}"
        action = "Write the values out; a configuration never runs anything."
        raise ConfigError(Problem(where, found, "plain values", action))
    config = asked_by_contrasts(value, lambda plain: _valid(plain, where))
    _need_declared(config, where)
    chosen = config.analysis
    need_one_test(chosen.test, chosen.lfc_threshold, chosen.alternative, f"{where}: analysis")
    return config


def _valid(value: Mapping[str, object], where: str) -> Config:
    try:
        return Config.model_validate(value)
    except ValidationError as error:
        details = _telling([detail for detail in error.errors() if not _other_branch(detail)])
        raise ConfigError.of(_problem(detail, where) for detail in details) from None


def _need_declared(config: Config, where: str) -> None:
    """Refuse a declared family that no gene-set file stands for: its sets would count as exploratory in silence."""
    collections = sorted(collection_of(path) for path in config.set_files)
    unknown = [name for name in config.declared if name not in collections]
    expected = f"a file name of gene_sets without .gmt: {', '.join(collections) or 'none is listed'}"
    if unknown:
        raise ConfigError.of(
            Problem(f"{where}: declared", f"'{name}'", expected, "Correct the name, or add its file to gene_sets.")
            for name in unknown
        )


def _problem(detail: ErrorDetails, where: str) -> Problem:
    keys = [str(part) for part in detail["loc"] if not _is_branch(part)]
    place = f"{where}: {'.'.join(keys)}"
    if detail["type"] == "extra_forbidden":
        valid = _valid_keys(keys[:-1])
        near = difflib.get_close_matches(keys[-1], valid, n=1, cutoff=0.5)
        hint = f"Did you mean '{near[0]}'? " if near else ""
        action = f"{hint}Correct or remove the key '{keys[-1]}'."
        return Problem(place, f"an unknown key '{keys[-1]}'", f"one of {', '.join(valid)}", action)
    if detail["type"] == "missing":
        return Problem(place, "nothing: the key is missing", f"a value for {'.'.join(keys)}", "Add the key.")
    found = repr(detail["input"])
    shown = found if len(found) <= 80 else f"{found[:77]}..."
    return Problem(place, shown, _expected(detail), f"Correct {'.'.join(keys)}; config/README.md shows every key.")


def _expected(detail: ErrorDetails) -> str:
    if detail["type"] == "string_pattern_mismatch":
        return "a letter or digit, then letters, digits, '.', '_' or '-'"
    if detail["type"] == "too_short":
        return "one entry or more"
    return detail["msg"].removeprefix("Input should be ")


def _telling(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Return the details without a list that is too short because its entries are wrong, which is said of them."""
    wrong = [detail["loc"] for detail in details]
    return [
        detail
        for detail in details
        if detail["type"] != "too_short"
        or not any(len(loc) > len(detail["loc"]) and loc[: len(detail["loc"])] == detail["loc"] for loc in wrong)
    ]


def _other_branch(detail: ErrorDetails) -> bool:
    """Tell a branch of a union that was not meant: what is wrong is said by the branch of the kind that was given."""
    branch, given = str(detail["loc"][-1]), detail["input"]
    if branch.startswith("literal["):
        return isinstance(given, dict)
    one, several = isinstance(given, str), branch.startswith("tuple[")
    return (several and one) or (branch.startswith("constrained-") and isinstance(given, list))


def _is_branch(part: int | str) -> bool:
    """Pydantic names the branch of a union in the path; users did not write it."""
    return isinstance(part, str) and (part == "AskSection" or part.startswith(BRANCHES))


def _valid_keys(keys: list[str]) -> list[str]:
    model: type[BaseModel] = Config
    for key in keys:
        field = model.model_fields.get(key)
        nested = [kind for kind in _kinds(field.annotation) if _is_model(kind)] if field else []
        model = nested[0] if nested else model
    return list(model.model_fields)


def _kinds(annotation: object) -> list[type[BaseModel]]:
    inner = [kind for argument in get_args(annotation) for kind in _kinds(argument)]
    return [annotation, *inner] if _is_model(annotation) else inner  # type: ignore[list-item]


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
