"""Layers with ``forward`` and ``backward``, state in between."""

import numpy as np


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        return dout * self.out * (1.0 - self.out)


class ReLU:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout = dout.copy()
        dout[self.mask] = 0
        return dout


class Softmax:
    def forward(self, x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.p = e / e.sum(axis=1, keepdims=True)
        return self.p

    def backward(self, grad):
        return self.p * (grad - (grad * self.p).sum(axis=1, keepdims=True))


class Tanh:
    """Its backward pass is the derivative itself."""

    def forward(self, x):
        return np.tanh(x)

    def backward(self, x):
        return 1 - np.tanh(x) ** 2


class Square:
    """The derivative itself, and linear in its argument."""

    def forward(self, x):
        return x**2

    def backward(self, x):
        return 2 * x


class Softplus:
    """The backward pass takes nothing."""

    def forward(self, x):
        self.x = x
        return np.log1p(np.exp(x))

    def backward(self):
        return 1 / (1 + np.exp(-self.x))


class Swish:
    """The input comes again with the gradient."""

    def forward(self, input):
        return input / (1 + np.exp(-input))

    def backward(self, input, grad_output):
        s = 1 / (1 + np.exp(-input))
        return grad_output * (s + input * s * (1 - s))


class Gaussian:
    """A property follows from the last forward pass."""

    def __call__(self, x):
        self.x = x
        self.y = np.exp(-(x**2))
        return self.y

    @property
    def gradient(self):
        return -2 * self.x * self.y


# ------------------------------------------------------------------------------------------ mistakes


class FusedSoftmax:
    """The gradient of the loss is thought to be taken with respect to x already."""

    def forward(self, x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.p = e / e.sum(axis=1, keepdims=True)
        return self.p

    def backward(self, grad):
        return grad


class NeverSaved:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = np.tanh(x)
        return out

    def backward(self, dout):
        return dout * (1 - self.out**2)


class SavedOnce:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = np.tanh(x)
        if self.out is None:
            self.out = out
        return out

    def backward(self, dout):
        return dout * (1 - self.out**2)


class NeverSavedItself:
    """Its backward pass takes nothing."""

    def forward(self, x):
        out = np.tanh(x)
        return out

    def backward(self):
        return 1 - self.out**2


class SavedOnceItself:
    def __init__(self):
        self.out = None

    def forward(self, x):
        if self.out is None:
            self.out = np.tanh(x)
        return np.tanh(x)

    def backward(self):
        return 1 - self.out**2


class StaleDerivative:
    """A derivative that is given its input, but uses what the last forward pass has left."""

    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def derivative(self, x):
        return 1 - self.out**2


class OverwritesCotangent:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dout):
        dout[self.x <= 0] = 0
        return dout


class OverwritesValue:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        dx = dout * self.out
        self.out *= -1
        self.out += 1
        return dx * self.out


class ForgetsChainRule:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        return 1 - self.out**2


class MasksTheGradient:
    def forward(self, x):
        return np.maximum(x, 0)

    def backward(self, dout):
        return dout * (dout > 0)


class DiagonalSoftmax(Softmax):
    def backward(self, grad):
        return grad * self.p * (1 - self.p)
