"""The rows that a functor is checked on: generated, edge, sweep and typed in."""
