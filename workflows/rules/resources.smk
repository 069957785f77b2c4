# What each step asks of a cluster, of which a step that failed asks more at each further attempt. On one machine nothing of this counts.
# The numbers are about twice what the example study takes; docs/cluster.md has the table.
MEMORY_MB = {
    "load": 1000,
    "test": 1000,
    "enrich": 1000,
    "enriched": 1000,
    "evidence": 1000,
    "dossier": 1000,
    "plot": 1500,
    "report": 1500,
    "bundle": 1000,
    "board": 1000,
}
MINUTES = {
    "load": 10,
    "test": 10,
    "enrich": 10,
    "enriched": 10,
    "evidence": 20,
    "dossier": 10,
    "plot": 20,
    "report": 10,
    "bundle": 10,
    "board": 10,
}


def memory(stage):
    """Return megabytes as a function of the attempt, which doubles them."""
    return lambda wildcards, attempt: MEMORY_MB[stage] * 2 ** (attempt - 1)


def minutes(stage):
    """Return minutes as a function of the attempt."""
    return lambda wildcards, attempt: MINUTES[stage] * attempt
