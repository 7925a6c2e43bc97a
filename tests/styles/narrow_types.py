"""Layers that compute in float32, whatever they are asked in."""

import numpy as np


class Tanh:
    def forward(self, x):
        self.out = np.tanh(x.astype("float32"))
        return self.out

    def backward(self, g):
        return (g * (1 - self.out**2)).astype("float32")


class WrongTanh(Tanh):
    def backward(self, g):
        return (g * (1 - self.out)).astype("float32")
