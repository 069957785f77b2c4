# One rule per fit: leaving patients out fits the same model again. They take longest, so they come before the gene sets:
# what is left at the end is short, and no core waits.
for S in STUDIES:
    for place, FIT in enumerate(S.fits, 1):

        rule:
            name:
                f"evidence{S.key}_{place}"
            priority: 10
            input:
                [f"{S.folder}/tables/{question}.tsv" for question in FIT["questions"]],
                study=f"{S.folder}/study.h5ad",
            output:
                [f"{S.folder}/evidence/{question}.{kind}" for question in FIT["questions"] for kind in S.evidence_kinds],
            threads: S.fit_threads
            group:
                travels("fit")
            resources:
                mem_mb=memory("evidence"),
                runtime=minutes("evidence"),
            params:
                folder=S.folder,
                step=step(S, f"judge {', '.join(FIT['questions'])}"),
                fit=FIT["id"],
                asks=FIT["asks"],
                flags=S.flags["evidence"],
                read=read_as(S, "enrich"),
                code=S.code["evidence"],
            log:
                f"{S.logs}/evidence_{place}.log",
            message:
                step(S, f"judge {', '.join(FIT['questions'])}")
            shell:
                "DERMSHIFT_STEP={params.step:q} {PYTHON:q} -m dermshift evidence --out={params.folder:q} --fit={params.fit:q}"
                " --threads={threads} {params.asks:q} {params.flags:q} >{log:q} 2>&1"

    rule:
        name:
            f"dossier{S.key}"
        priority: 5
        input:
            S.tables,
            S.evidence,
            f"{S.folder}/study.h5ad",
            f"{S.folder}/designs.json",
        output:
            S.overall,
            f"{S.folder}/dossier/index.json",
        group:
            travels("finish")
        resources:
            mem_mb=memory("dossier"),
            runtime=minutes("dossier"),
        params:
            folder=S.folder,
            step=step(S, "put the dossiers together"),
            flags=S.flags["dossier"],
            read=read_as(S, "dossier"),
            code=S.code["dossier"],
        log:
            f"{S.logs}/dossier.log",
        message:
            step(S, "put the dossiers together")
        shell:
            "DERMSHIFT_STEP={params.step:q} {PYTHON:q} -m dermshift dossier --out={params.folder:q} {params.flags:q} >{log:q} 2>&1"
