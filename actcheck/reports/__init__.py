"""Reports to text: tables, matrices, JSON, HTML. Nothing here computes, and only `canvas` knows Rich."""
