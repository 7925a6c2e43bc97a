"""Functions of one number, written with ``math``."""

import math


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def sigmoid_derivative(x):
    return sigmoid(x) * (1 - sigmoid(x))


def relu(x):
    return max(0, x)


def relu_derivative(x):
    return 1 if x > 0 else 0


def gelu(x):
    return 0.5 * x * (1 + math.erf(x / math.sqrt(2)))


def gelu_derivative(x):
    return 0.5 * (1 + math.erf(x / math.sqrt(2))) + x * math.exp(-x * x / 2) / math.sqrt(math.pi)


def softmax(values):
    exps = [math.exp(v - max(values)) for v in values]
    return [e / sum(exps) for e in exps]


def softmax_jacobian(values):
    p = softmax(values)
    return [[p[i] * ((i == j) - p[j]) for j in range(len(p))] for i in range(len(p))]
