for S in STUDIES:

    rule:
        name:
            f"bundle{S.key}"
        input:
            S.pages,
            S.workbook,
            S.results,
        output:
            S.packed,
        group:
            travels("finish")
        resources:
            mem_mb=memory("bundle"),
            runtime=minutes("bundle"),
        params:
            folder=S.folder,
            step=step(S, "pack the bundle"),
            flags=S.flags["bundle"],
            read=read_as(S, "bundle"),
            code=S.code["bundle"],
        log:
            f"{S.logs}/bundle.log",
        threads: workflow.cores if len(STUDIES) == 1 else 1
        message:
            step(S, "pack the bundle")
        shell:
            "DERMSHIFT_STEP={params.step:q} {PYTHON:q} -m dermshift bundle --out={params.folder:q} --threads={threads}"
            " {params.flags:q} >{log:q} 2>&1"
