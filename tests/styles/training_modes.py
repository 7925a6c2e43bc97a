"""Layers that are told whether they train."""

import numpy as np


class Dropout:
    def __init__(self, p=0.5):
        self.p = p

    def forward(self, x, training):
        self.mask = (np.random.rand(*x.shape) > self.p) / (1 - self.p) if training else np.ones_like(x)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


class DropoutByDefault(Dropout):
    def forward(self, x, train_flg=True):
        return super().forward(x, train_flg)


class Tanh:
    def forward(self, x, is_training):
        self.a = np.tanh(x)
        return self.a

    def backward(self, grad):
        return grad * (1 - self.a)


class ReLU:
    def __call__(self, X, training):
        return np.maximum(0, X)

    def gradient(self, X):
        return (X > 0) * 1.0


def rrelu(x, mode):
    return np.where(x > 0, x, 0.2 * x if mode == "test" else np.random.rand() * x)


def rrelu_grad(x, mode):
    return np.where(x > 0, 1, 0.2)


relu = ReLU()
