"""Numeric derivatives of callables on arrays, always with an error bound; it knows no analytic value."""
