"""One function for both: the derivative is a switch away."""

import numpy as np


def sigmoid(x, derivative=False):
    if derivative:
        return sigmoid(x) * (1 - sigmoid(x))
    return 1 / (1 + np.exp(-x))


def tanh(x, deriv=False):
    if deriv == True:  # noqa: E712
        return 1 - np.tanh(x) ** 2
    return np.tanh(x)


def nonlin(x, deriv=False):
    if deriv == True:  # noqa: E712
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))


class Swish:
    def __init__(self, beta=1.0):
        self.beta = beta

    def __call__(self, x, derivative=False):
        s = 1 / (1 + np.exp(-self.beta * x))
        return s + self.beta * x * s * (1 - s) if derivative else x * s


class Softsign:
    @staticmethod
    def f(x, derivative=False):
        if derivative:
            return 1 / (1 + np.abs(x))
        return x / (1 + np.abs(x))


class Activations:
    def relu(self, x, derivative=False):
        return np.where(x > 0, 1, 0) if derivative else np.maximum(x, 0)

    def tanh(self, x, derivative=False):
        return 1 - x**2 if derivative else np.tanh(x)


class Network:
    def __init__(self, sizes):
        self.sizes = sizes

    def sigmoid(self, x, deriv=False):
        s = 1 / (1 + np.exp(-x))
        return s * (1 - s) if deriv else s

    def tanh(self, x, deriv=False):
        return 1 - np.tanh(x) ** 2 if deriv else np.tanh(x)
