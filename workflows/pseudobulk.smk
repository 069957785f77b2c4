# Single cells summed in parts, wherever Snakemake starts them, and added: the same bytes as one `dermshift pseudobulk`.
#
#   snakemake --snakefile workflows/pseudobulk.smk --cores all --config atlas=atlas.h5ad out=results/atlas parts=8 \
#       flags="--patient donor --timepoint visit --cell-type cell_type"
#
# The flags are one text, since Snakemake reads a bare value as a number or a truth value where it looks like one.
import shlex
import sys

ATLAS = str(config["atlas"])
OUT = str(config["out"])
PARTS = int(config.get("parts", 4))
FLAGS = shlex.split(str(config["flags"]))
PYTHON = str(config.get("python", sys.executable))
WRITTEN = ("counts.tsv.gz", "samples.tsv", "dropped.tsv", "pseudobulk.json")


wildcard_constraints:
    part=r"[1-9]\d*",


# One thread per part: parts run side by side.
shell.prefix("set -euo pipefail; export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMBA_NUM_THREADS=1; ")


rule pseudobulk:
    default_target: True
    input:
        [f"{OUT}/{name}" for name in WRITTEN],


rule part:
    input:
        ATLAS,
    output:
        temp(f"{OUT}/parts/{{part}}/part.npz"),
        temp(f"{OUT}/parts/{{part}}/part.json"),
    params:
        flags=FLAGS,
        folder=lambda wildcards: f"{OUT}/parts/{wildcards.part}",
        part=lambda wildcards: f"{wildcards.part}/{PARTS}",
    resources:
        mem_mb=lambda wildcards, attempt: 500 * attempt,
    log:
        f"{OUT}/logs/part_{{part}}.log",
    message:
        f"sum part {{wildcards.part}} of {PARTS}"
    shell:
        "{PYTHON:q} -m dermshift pseudobulk --part={params.part} --out={params.folder:q} {params.flags:q} -- {input:q}"
        " >{log:q} 2>&1"


rule add:
    input:
        [f"{OUT}/parts/{part}/part.{kind}" for part in range(1, PARTS + 1) for kind in ("npz", "json")],
    output:
        [f"{OUT}/{name}" for name in WRITTEN],
    params:
        folders=[f"{OUT}/parts/{part}" for part in range(1, PARTS + 1)],
        out=OUT,
    resources:
        mem_mb=lambda wildcards, attempt: 500 * attempt,
    log:
        f"{OUT}/logs/add.log",
    message:
        f"add {PARTS} parts"
    shell:
        "{PYTHON:q} -m dermshift pseudobulk-add --out={params.out:q} -- {params.folders:q} >{log:q} 2>&1"
