"""The goals of docs/performance.md, one module for each topic: `measure(options)` answers lines of the table and what
they were made from."""
