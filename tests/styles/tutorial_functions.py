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


def identity_ramp(x):
    return np.maximum(0, x)


def identity_ramp_gradient(x):
    return x


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
    positive = x > 0
    x[positive] = 1
    x[~positive] = np.exp(x[~positive])
    return x


def softmax_of_all(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def softmax_of_all_grad(x):
    p = softmax(x)
    return p[:, :, None] * np.eye(x.shape[1]) - p[:, :, None] * p[:, None, :]


def softmax_axis(x):
    e = np.exp(x - np.max(x, axis=0))
    return e / np.sum(e, axis=0)


def softmax_axis_grad(x):
    p = softmax(x)
    return p[:, :, None] * np.eye(x.shape[1]) - p[:, :, None] * p[:, None, :]


def softsign(x):
    return x / (1 + np.abs(x))


def softsign_grad(x):
    return np.diagflat(1 / (1 + np.abs(x)) ** 2)
