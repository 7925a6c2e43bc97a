"""Batch normalisation, whose rows belong together, with its scale and shift."""

import numpy as np


class BatchNorm:
    def __init__(self, n=3):
        self.gamma, self.beta = np.linspace(0.5, 1.5, n), np.zeros(n)
        self.eps = 1e-5

    def forward(self, x):
        self.mean, self.var = x.mean(axis=0), x.var(axis=0)
        self.xhat = (x - self.mean) / np.sqrt(self.var + self.eps)
        return self.gamma * self.xhat + self.beta

    def backward(self, dout):
        self.dgamma = (dout * self.xhat).sum(axis=0)
        self.dbeta = dout.sum(axis=0)
        dxhat = dout * self.gamma
        centred = dxhat - dxhat.mean(axis=0) - self.xhat * (dxhat * self.xhat).mean(axis=0)
        return centred / np.sqrt(self.var + self.eps)


class ForgetsVariance(BatchNorm):
    """The variance is taken for a constant, and the shift's gradient for a mean."""

    def backward(self, dout):
        self.dgamma = (dout * self.xhat).sum(axis=0)
        self.dbeta = dout.mean(axis=0)
        dxhat = dout * self.gamma
        return (dxhat - dxhat.mean(axis=0)) / np.sqrt(self.var + self.eps)
