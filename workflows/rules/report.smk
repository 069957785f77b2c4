for S in STUDIES:

    rule:
        name:
            f"report{S.key}"
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
