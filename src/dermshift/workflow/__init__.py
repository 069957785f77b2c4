"""From a checked configuration to a Snakemake run: values as flags, code as fingerprints."""
