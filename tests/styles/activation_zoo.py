"""A class of many activations, as the methods of a network or of a helper."""

import numpy as np


class Activations:
    def sigmoid(self, x):
        return 1 / (1 + np.exp(-x))

    def sigmoid_derivative(self, x):
        s = self.sigmoid(x)
        return s * (1 - s)

    @staticmethod
    def relu(x):
        return np.maximum(x, 0)

    @staticmethod
    def relu_derivative(x):
        return x


class NeuralNetwork:
    def __init__(self, n_inputs, n_hidden):
        self.weights = np.zeros((n_inputs, n_hidden))

    def tanh(self, x):
        return np.tanh(x)

    def tanh_prime(self, x):
        return 1 - np.tanh(x) ** 2

    def backward(self, X, y, output):
        return None
