"""Networks that hold a sample as a column (n, 1), and say so by what they do."""

import numpy as np


class Softmax:
    def forward(self, input):
        e = np.exp(input - np.max(input))
        self.output = e / np.sum(e)
        return self.output

    def backward(self, output_gradient, learning_rate):
        n = np.size(self.output)
        return np.dot((np.identity(n) - self.output.T) * self.output, output_gradient)


class WrongSoftmax(Softmax):
    def backward(self, output_gradient, learning_rate):
        n = np.size(self.output)
        return np.dot((np.identity(n) + self.output.T) * self.output, output_gradient)


def squash(z):
    assert z.shape[1] == 1
    return z / np.sqrt(1 + np.sum(z**2))


def squash_prime(z):
    norm = np.sqrt(1 + np.sum(z**2))
    return np.identity(len(z)) / norm - z @ z.T / norm**3


def wrong_squash(z):
    return squash(z)


def wrong_squash_prime(z):
    return 2 * squash_prime(z)


tanh = np.tanh


def tanh_prime(z):
    return 1 - np.tanh(z) ** 2
