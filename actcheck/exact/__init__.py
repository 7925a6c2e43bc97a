"""Replays a functor's own NumPy code on Taylor jets with ball coefficients, and proves things about it.

Everything here is rigorous: a number is a ball that holds the true one, and what cannot be told is said to be unknown.
It must never compare balls but by `balls`, never guess, and never touch the user's module.
"""
