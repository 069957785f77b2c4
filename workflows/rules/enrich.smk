# One rule per fit: rotation tests and sign flips need the libraries of the fit.
for S in STUDIES:
    for place, FIT in enumerate(S.fits, 1):

        rule:
            name:
                f"enrich{S.key}_{place}"
            input:
                [f"{S.folder}/tables/{question}.tsv" for question in FIT["questions"]],
                study=f"{S.folder}/study.h5ad",
                fit=f"{S.folder}/fits/{FIT['id']}.json",
            output:
                [f"{S.folder}/tables/{question}.{kind}.tsv" for question in FIT["questions"] for kind in SET_KINDS],
            threads: S.fit_threads
            group:
                travels("fit")
            resources:
                mem_mb=memory("enrich"),
                runtime=minutes("enrich"),
            params:
                folder=S.folder,
                step=step(S, f"test gene sets in {', '.join(FIT['questions'])}"),
                fit=FIT["id"],
                asks=FIT["asks"],
                flags=S.flags["enrich"],
                read=read_as(S, "enrich"),
                code=S.code["enrich"],
            log:
                f"{S.logs}/enrich_{place}.log",
            message:
                step(S, f"test gene sets in {', '.join(FIT['questions'])}")
            shell:
                "DERMSHIFT_STEP={params.step:q} {PYTHON:q} -m dermshift enrich --out={params.folder:q} --fit={params.fit:q}"
                " --threads={threads} {params.asks:q} {params.flags:q} >{log:q} 2>&1"

    rule:
        name:
            f"enriched{S.key}"
        input:
            S.tables,
            [f"{S.folder}/tables/{question}.running.tsv" for question in S.questions],
            f"{S.folder}/designs.json",
        output:
            S.whole_tables,
            f"{S.folder}/enrichment.json",
        group:
            travels("finish")
        resources:
            mem_mb=memory("enriched"),
            runtime=minutes("enriched"),
        params:
            folder=S.folder,
            step=step(S, "list the gene sets"),
            flags=S.flags["enrich"],
            read=read_as(S, "enrich"),
            code=S.code["enrich"],
        log:
            f"{S.logs}/enriched.log",
        message:
            step(S, "list the gene sets")
        shell:
            "DERMSHIFT_STEP={params.step:q} {PYTHON:q} -m dermshift enriched --out={params.folder:q} {params.flags:q} >{log:q} 2>&1"
