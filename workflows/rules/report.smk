rule report:
    input:
        TABLES,
        SETS,
        f"{FOLDER}/tables/configured_genes.tsv",
        f"{FOLDER}/enrichment.json",
        [f"{FOLDER}/fits/{FIT['id']}.json" for FIT in FITS],
        f"{FOLDER}/checks.json",
        f"{FOLDER}/designs.json",
        f"{FOLDER}/study.h5ad",
        f"{FOLDER}/figures/index.json",
    output:
        f"{FOLDER}/report.html",
        f"{FOLDER}/methods.md",
    params:
        folder=FOLDER,
        flags=FLAGS["report"],
        code=CODE["report"],
    log:
        f"{LOGS}/report.log",
    message:
        "write the report"
    shell:
        "{PYTHON:q} -m dermshift report --out={params.folder:q} {params.flags:q} >{log:q} 2>&1"
