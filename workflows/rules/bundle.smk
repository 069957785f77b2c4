rule bundle:
    input:
        f"{FOLDER}/report.html",
        f"{FOLDER}/methods.md",
        f"{FOLDER}/references.bib",
        RESULTS,
        INPUTS["bundle"],
    output:
        [f"{FOLDER}/{name}" for name in OWN],
        f"{FOLDER}/manifest.json",
        f"{FOLDER}/ro-crate-metadata.json",
        f"{FOLDER}/bundle.zip",
    params:
        folder=FOLDER,
        flags=FLAGS["bundle"],
        code=CODE["bundle"],
    log:
        f"{LOGS}/bundle.log",
    message:
        "pack the bundle"
    shell:
        "{PYTHON:q} -m dermshift bundle --out={params.folder:q} {params.flags:q} >{log:q} 2>&1"
