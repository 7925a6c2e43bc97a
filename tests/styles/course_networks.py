"""Networks from scratch: a base class that is given both functions, a softmax by `np.tile`, letters for names."""

import numpy as np


class Activation:
    def __init__(self, activation, activation_prime):
        self.activation = activation
        self.activation_prime = activation_prime

    def forward(self, x):
        self.input = x
        return self.activation(self.input)

    def backward(self, output_gradient, learning_rate=0.01):
        return np.multiply(output_gradient, self.activation_prime(self.input))


class Tanh(Activation):
    def __init__(self):
        super().__init__(lambda x: np.tanh(x), lambda x: 1 - np.tanh(x) ** 2)


class Sigmoid(Activation):
    def __init__(self):
        def sigmoid(x):
            return 1 / (1 + np.exp(-x))

        super().__init__(sigmoid, lambda x: sigmoid(x))


class TiledSoftmax:
    """Right for a column (n, 1); a number is no sample of it."""

    def forward(self, x):
        e = np.exp(x - np.max(x))
        self.output = e / np.sum(e)
        return self.output

    def backward(self, output_gradient, learning_rate=0.01):
        n = np.size(self.output)
        tiled = np.tile(self.output, n)
        return np.dot(tiled * (np.identity(n) - np.transpose(tiled)), output_gradient)


def phi(v):
    return np.arctan(v)


def dphi_dv(v):
    return 1 / (1 + v**2)


def psi(u):
    return u * np.exp(-(u**2))


def dpsi_du(u):
    return np.exp(-(u**2))


def nonlin(x, act="sin", deriv=False):
    if act == "sin":
        return np.cos(x) if deriv else np.sin(x)
    return np.ones_like(x) if deriv else x
