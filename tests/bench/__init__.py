"""`make bench`: what Polis costs beside references that do the same without its rules. See docs/performance.md."""
