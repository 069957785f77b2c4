"""What a reader is handed: methods.md, report.html, manifest.json, ro-crate-metadata.json, bundle.zip."""
