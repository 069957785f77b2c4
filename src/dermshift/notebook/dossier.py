"""The dossier of one gene in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.errors import ConfigError, Problem
from dermshift.notebook.shown import Lines, Table
from dermshift.report.dossier import body

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dermshift.report.facts import Facts

PARTS = ("answers", "p_values", "left_out", "differences", "power", "specifications", "association", "samples")


def parts(gene: str, facts: Facts) -> Mapping[str, Table | Lines]:
    """Return each part of a dossier as what shows itself.

    Raises
    ------
    ConfigError
        The gene has no dossier: it was not named in the configuration.
    """
    known = facts.evidence.dossiers
    if gene not in known:
        expected = f"one of {', '.join(known) or 'none: no gene was named'}"
        action = "Name the gene under `genes` in the configuration and run again."
        raise ConfigError(Problem("dossier", f"'{gene}'", expected, action))
    found = body(gene, facts)
    return {name: Lines(tuple(found[name])) if isinstance(found[name], list) else Table(found[name]) for name in PARTS}
