"""Layers with parameters, whose gradients stand beside them."""

import numpy as np

RNG = np.random.default_rng(3)


class Affine:
    def __init__(self, n_in=3, n_out=2):
        self.W = RNG.normal(size=(n_in, n_out))
        self.b = RNG.normal(size=n_out)
        self.dW = None
        self.db = None

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


class Linear:
    def __init__(self, n_in=4, n_out=3):
        self.weight = RNG.normal(size=(n_out, n_in))
        self.bias = RNG.normal(size=n_out)
        self.grad_weight = np.zeros_like(self.weight)
        self.grad_bias = np.zeros_like(self.bias)

    def forward(self, x):
        self.x = x
        return x @ self.weight.T + self.bias

    def backward(self, grad_output):
        self.grad_weight += grad_output.T @ self.x
        self.grad_bias += grad_output.sum(axis=0)
        return grad_output @ self.weight


class Dictionaries:
    def __init__(self, n=3):
        self.params = {"W": RNG.normal(size=(n, n)), "b": np.zeros(n)}
        self.grads = {}

    def forward(self, x):
        self.x = x
        self.a = np.tanh(x @ self.params["W"] + self.params["b"])
        return self.a

    def backward(self, da):
        dz = da * (1 - self.a**2)
        self.grads["W"] = self.x.T @ dz
        self.grads["b"] = dz.sum(axis=0)
        return dz @ self.params["W"].T


class Lists:
    def __init__(self):
        W, b = RNG.normal(size=(3, 2)), np.zeros(2)
        self.params, self.grads = [W, b], [np.zeros_like(W), np.zeros_like(b)]

    def forward(self, x):
        W, b = self.params
        self.x = x
        return x @ W + b

    def backward(self, dout):
        W, b = self.params
        self.grads[0][...] = self.x.T @ dout
        self.grads[1][...] = dout.sum(axis=0)
        return dout @ W.T


class PReLU:
    def __init__(self):
        self.slope = np.array([0.25])
        self.slope_grad = np.zeros(1)

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, dout):
        self.slope_grad = np.array([(dout * np.minimum(self.x, 0)).sum()])
        return np.where(self.x > 0, dout, self.slope * dout)


class Unnamed(Affine):
    """The gradient of W is kept under a name that nothing says."""

    def __init__(self):
        super().__init__()
        self.update = np.zeros_like(self.W)

    def backward(self, dout):
        self.update = 2 * self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


# ------------------------------------------------------------------------------------------ mistakes


class ForgetsBatch(Affine):
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.mean(axis=0)
        return dout @ self.W.T


class Averages(Affine):
    def backward(self, dout):
        self.dW = self.x.T @ dout / len(dout)
        self.db = dout.sum(axis=0) / len(dout)
        return dout @ self.W.T


class TransposedWeights(Affine):
    def __init__(self):
        super().__init__(3, 3)

    def backward(self, dout):
        self.dW = dout.T @ self.x
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


class WrongShape(Affine):
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout
        return dout @ self.W.T


class NoGradients(Affine):
    """Forgets the gradients of its parameters."""

    def __init__(self):
        self.W = RNG.normal(size=(3, 2))
        self.b = RNG.normal(size=2)

    def backward(self, dout):
        return dout @ self.W.T


class ScalarBias(Affine):
    """Sums over everything, where the bias is a vector."""

    def backward(self, dout):
        dX = super().backward(dout)
        self.db = np.sum(dout)
        return dX


class Returned(Affine):
    """Returns all three gradients; that of `b` is a mean."""

    def __init__(self):
        self.W = RNG.normal(size=(3, 2))
        self.b = RNG.normal(size=2)

    def backward(self, dout):
        dX, dW, db = dout @ self.W.T, self.x.T @ dout, dout.mean(axis=0)
        return dX, dW, db


class LearnedSlope:
    def __init__(self, alpha=0.25):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * x)

    def backward(self, dout):
        self.dalpha = np.sum(dout * np.minimum(self.x, 0))
        return dout * np.where(self.x > 0, 1.0, self.alpha)


class Leaky(LearnedSlope):
    def backward(self, dout):
        return dout * np.where(self.x > 0, 1.0, self.alpha)


class Nested:
    """Layers of layers, one of them wrong."""

    def __init__(self):
        self.layers = [Affine(3, 4), Affine(4, 2)]

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dout):
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        self.layers[1].dW *= 2
        return dout


class Raises(Affine):
    def backward(self, dout):
        return dZ @ self.W.T  # noqa: F821
