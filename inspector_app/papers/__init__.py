"""Papers (文书): grid, line composer, fonts, blocks, page frames, the catalog of papers and the PDF writer."""
