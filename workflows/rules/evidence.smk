# One rule per fit: leaving patients out fits the same model again.
for FIT in FITS:

    rule:
        name:
            f"evidence_{FITS.index(FIT) + 1}"
        input:
            INPUTS["enrich"],
            [f"{FOLDER}/tables/{question}.tsv" for question in FIT["questions"]],
            study=f"{FOLDER}/study.h5ad",
        output:
            [f"{FOLDER}/evidence/{question}.{kind}" for question in FIT["questions"] for kind in EVIDENCE_KINDS],
        threads: workflow.cores if len(FITS) == 1 else 1
        params:
            folder=FOLDER,
            fit=FIT["id"],
            asks=FIT["asks"],
            flags=FLAGS["evidence"],
            code=CODE["evidence"],
        log:
            f"{LOGS}/evidence_{FITS.index(FIT) + 1}.log",
        message:
            f"judge {', '.join(FIT['questions'])}"
        shell:
            "{PYTHON:q} -m dermshift evidence --out={params.folder:q} --fit={params.fit:q} --threads={threads}"
            " {params.asks:q} {params.flags:q} >{log:q} 2>&1"


rule dossier:
    input:
        TABLES,
        EVIDENCE,
        INPUTS["dossier"],
        f"{FOLDER}/study.h5ad",
        f"{FOLDER}/designs.json",
    output:
        [f"{FOLDER}/evidence/{name}.tsv" for name in ("differences", "pair_identity", "scores")],
        f"{FOLDER}/dossier/index.json",
    params:
        folder=FOLDER,
        flags=FLAGS["dossier"],
        code=CODE["dossier"],
    log:
        f"{LOGS}/dossier.log",
    message:
        "put the dossiers together"
    shell:
        "{PYTHON:q} -m dermshift dossier --out={params.folder:q} {params.flags:q} >{log:q} 2>&1"
