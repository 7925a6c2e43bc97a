"""Layers of one input or one output: a column is a batch of them, and no sample."""

import numpy as np


class OneToOne:
    def __init__(self):
        self.w, self.b = np.array([[1.5]]), np.zeros(1)

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, dout):
        return dout @ self.w.T, self.x.T @ dout, dout.sum(axis=0)


class OneOut(OneToOne):
    def __init__(self):
        self.w, self.b = np.array([[1.5], [-0.5], [2.0]]), 0.0


class OneOutSquare(OneOut):
    def __init__(self):
        super().__init__()
        self.b = np.zeros((1, 1))


class WrongBias(OneOut):
    def backward(self, dout):
        dx, dw, db = super().backward(dout)
        return dx, dw, db / 2


class Accumulates(OneOut):
    def __init__(self):
        super().__init__()
        self.dw, self.db = np.zeros((3, 1)), 0.0

    def backward(self, dout):
        self.dw += self.x.T @ dout
        self.db += dout.sum()
        return dout @ self.w.T


class AccumulatesOnPurpose(Accumulates):
    def zero_grad(self):
        self.dw, self.db = np.zeros((3, 1)), 0.0


class AccumulatesWrong(Accumulates):
    def backward(self, dout):
        self.db += dout.sum()
        return super().backward(dout)
