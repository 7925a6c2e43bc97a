"""Backward passes that would be right with another array than the one which their authors hand over."""

import numpy as np


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    return dA * Z * (1 - Z)


def tanh(z):
    return np.tanh(z)


def tanh_backward(dout, x):
    return dout * (1 - x**2)


def logistic(Z):
    A = 1 / (1 + np.exp(-Z))
    return A, Z


def logistic_backward(dA, cache):
    return dA * cache * (1 - cache)


def hyperbolic(Z):
    A = np.tanh(Z)
    return A, A


def hyperbolic_backward(dA, cache):
    return dA * (1 - np.tanh(cache) ** 2)


class ForgetsTranspose:
    def __init__(self):
        self.W = np.random.default_rng(0).normal(size=(4, 4))

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, g):
        self.dW = self.x.T @ g
        return g @ self.W


def bell(Z):
    return np.exp(-Z * Z), {"Z": Z}


def bell_backward(dA, cache):
    return -2 * dA * cache * np.exp(-(cache**2))
