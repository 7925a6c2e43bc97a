"""Benchmarks, run by `make bench`: ratios within one run, and the limits that they must keep."""
