"""From a value and a derivative that were found to a functor: how they want their samples, and what they want besides.

What names and arguments do not say is found by asking: a few calls on a copy, before anything is judged. Nothing is
loaded here: a plain functor has no use for more than the classes in `functors`.
"""
