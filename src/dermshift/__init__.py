"""Paired before/after expression studies: which genes shifted in the same patient, in whom, and where."""

__version__ = "0.1.0"
