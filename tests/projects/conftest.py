"""Projects of users: their tests are run as their CI would, by `tests/test_example.py`, and not among ours."""

collect_ignore = ["eight"]
