"""Plain functions and their derivatives, as most tutorials begin."""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_prime(x):
    return sigmoid(x) * (1 - sigmoid(x))


def relu(x):
    return np.maximum(0, x)


def d_relu(x):
    return np.where(x > 0, 1, 0)


def tanh(x):
    return np.tanh(x)


def tanh_derivative(x):
    return 1 - np.tanh(x) ** 2


def leaky_relu(x, alpha=0.01):
    return np.where(x > 0, x, alpha * x)


def leaky_relu_grad(x, alpha=0.01):
    return np.where(x > 0, 1, alpha)


def logistic(x):
    return 1 / (1 + np.exp(-x))


def logistic_derivative(a):
    return a * (1 - a)


def ramp(x):
    return np.maximum(0, x)


def ramp_gradient(x):
    return np.maximum(0, x)


def hyperbolic(x):
    return 1 / (1 + np.exp(-x))


def hyperbolic_derivative(x):
    return 1 - np.tanh(x) ** 2


def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_grad(x):
    p = softmax(x)
    return p * (1 - p)


def elu(x):
    return np.where(x > 0, x, np.exp(x) - 1)


def elu_grad(x):
    x[x > 0] = 1
    x[x < 0] = np.exp(x[x < 0])
    return x
