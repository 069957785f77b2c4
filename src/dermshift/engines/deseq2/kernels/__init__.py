"""Compiled loops over genes. Arrays are genes x libraries, floating point, natural logarithms throughout."""
