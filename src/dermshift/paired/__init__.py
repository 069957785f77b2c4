"""The patients' own changes, and what follows from them alone: t tests, sign patterns, exact p-values."""
