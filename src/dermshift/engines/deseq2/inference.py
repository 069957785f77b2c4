"""The kernels PyDESeq2 fits with: any object of its ``Inference`` type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeseq2.default_inference import DefaultInference

if TYPE_CHECKING:
    from pydeseq2.inference import Inference


def default_inference() -> Inference:
    """Return PyDESeq2's own kernels on one core; more would leave worker processes behind."""
    return DefaultInference(n_cpus=1)
