rule enrich:
    input:
        TABLES,
        INPUTS["enrich"],
        f"{FOLDER}/designs.json",
    output:
        SETS,
        f"{FOLDER}/tables/configured_genes.tsv",
        f"{FOLDER}/enrichment.json",
    params:
        folder=FOLDER,
        flags=FLAGS["enrich"],
        code=CODE["enrich"],
    log:
        f"{LOGS}/enrich.log",
    message:
        "test gene sets"
    shell:
        "{PYTHON:q} -m dermshift enrich --out={params.folder:q} {params.flags:q} >{log:q} 2>&1"
