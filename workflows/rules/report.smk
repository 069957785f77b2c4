for S in STUDIES:

    rule:
        name:
            f"report{S.key}"
        priority: 1
        input:
            S.results,
        output:
            S.pages,
        group:
            travels("finish")
        resources:
            mem_mb=memory("report"),
            runtime=minutes("report"),
        params:
            folder=S.folder,
            step=step(S, "write the report"),
            flags=S.flags["report"],
            code=S.code["report"],
        log:
            f"{S.logs}/report.log",
        message:
            step(S, "write the report")
        shell:
            "DERMSHIFT_STEP={params.step:q} {PYTHON:q} -m dermshift report --out={params.folder:q} {params.flags:q} >{log:q} 2>&1"

    # It needs no figure. The figures take all cores, and come first: the workbook is written beside the report.
    rule:
        name:
            f"workbook{S.key}"
        input:
            S.tables,
            [f"{S.folder}/tables/{question}.sets.tsv" for question in S.questions],
            f"{S.folder}/tables/configured_genes.tsv",
            f"{S.folder}/enrichment.json",
            f"{S.folder}/study.h5ad",
            f"{S.folder}/designs.json",
        output:
            S.workbook,
        group:
            travels("finish")
        resources:
            mem_mb=memory("workbook"),
            runtime=minutes("workbook"),
        params:
            folder=S.folder,
            step=step(S, "write the workbook"),
            flags=S.flags["workbook"],
            code=S.code["workbook"],
        log:
            f"{S.logs}/workbook.log",
        message:
            step(S, "write the workbook")
        shell:
            "DERMSHIFT_STEP={params.step:q} {PYTHON:q} -m dermshift workbook --out={params.folder:q} {params.flags:q} >{log:q} 2>&1"
