"""From single cells to pseudobulks: raw counts summed per patient, timepoint and cell type, block by block."""
