# What each step asks of a cluster; each further attempt of a step that failed asks for more. On one machine nothing of this counts.
#
# Measured on the example study (docs/cluster.md has the table): the peak of the step, two Snakemake processes of 170 MB that a Slurm
# job holds besides, and a third to spare, in steps of 500 MB. A step that is drawn by several processes needs its memory for each.
MEMORY_MB = {
    "load": 1000,
    "test": 1500,
    "enrich": 1500,
    "enriched": 1000,
    "evidence": 1500,
    "dossier": 1000,
    "plot": 1500,
    "report": 1000,
    "workbook": 1000,
    "bundle": 1500,
    "board": 1000,
}
MINUTES = {
    "load": 10,
    "test": 10,
    "enrich": 10,
    "enriched": 10,
    "evidence": 20,
    "dossier": 10,
    "plot": 30,
    "report": 10,
    "workbook": 10,
    "bundle": 10,
    "board": 10,
}


def memory(stage, each_process=False):
    """Return megabytes as a function of the attempt, which doubles them, and of the threads where each is a process."""

    def megabytes(wildcards, threads, attempt):
        return MEMORY_MB[stage] * 2 ** (attempt - 1) * (threads if each_process else 1)

    return megabytes


def minutes(stage):
    """Return minutes as a function of the attempt."""

    def growing(wildcards, attempt):
        return MINUTES[stage] * attempt

    return growing


def travels(group):
    """Return the group of steps that are sent away as one job; none on one machine, where each step starts by itself."""
    return group if config.get("grouped") else None
