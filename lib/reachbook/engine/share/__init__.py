"""What a reader takes along from a published version: PDF, workbook, figures for slides, and five slides."""
