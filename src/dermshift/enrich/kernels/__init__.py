"""Compiled loops over rankings of genes and the sets each gene belongs to."""
