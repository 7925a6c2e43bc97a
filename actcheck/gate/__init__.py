"""The gate of a CI: the checks that a project's configuration lists, run together, and held against a baseline."""
