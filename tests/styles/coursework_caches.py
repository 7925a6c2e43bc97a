"""Functions with caches, as a well-known course hands them out: value and cache, then a backward pass with both."""

import numpy as np


def sigmoid(Z):
    A = 1 / (1 + np.exp(-Z))
    cache = Z
    return A, cache


def sigmoid_backward(dA, cache):
    Z = cache
    s = 1 / (1 + np.exp(-Z))
    return dA * s * (1 - s)


def relu_forward(x):
    out = np.maximum(0, x)
    return out, x


def relu_backward(dout, cache):
    dx = np.array(dout, copy=True)
    dx[cache <= 0] = 0
    return dx


def tanh(Z):
    return np.tanh(Z)


def tanh_backward(dA, Z):
    return dA * (1 - np.tanh(Z) ** 2)


def softmax(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_backward(dA, A):
    return A * (dA - (dA * A).sum(axis=1, keepdims=True))


def elu_forward(x):
    return np.where(x > 0, x, np.exp(x) - 1), x


def elu_backward(dout, cache):
    dout[cache < 0] *= np.exp(cache[cache < 0])
    return dout


def softplus_forward(x):
    return np.log1p(np.exp(x)), x


def softplus_backward(dout, cache):
    return dout * (dout > 0)
