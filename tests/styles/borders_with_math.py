"""Functions with borders, as ``math`` has them: it raises where NumPy gives NaN."""

import math

import numpy as np


class Arcsine:
    def __call__(self, X):
        return np.vectorize(math.asin)(X)

    def gradient(self, X):
        return np.vectorize(lambda v: 1 / math.sqrt(1 - v * v))(X)


class Arccosine:
    def __call__(self, X):
        return np.array([[math.acos(v) for v in row] for row in X])

    def gradient(self, X):
        return np.array([[-1 / math.sqrt(1 - v * v) for v in row] for row in X])


class WrongArccosine(Arccosine):
    def gradient(self, X):
        return -super().gradient(X)


class Artanh:
    def __call__(self, X):
        return np.vectorize(math.atanh)(X)

    def gradient(self, X):
        return 1 / (1 - X**2)


def logit(p):
    return math.log(p) - math.log(1 - p)


def logit_prime(p):
    return 1 / (p * (1 - p))


def entropy(p):
    if not 0 < p < 1:
        raise ValueError("a probability, please")
    return -p * math.log(p) - (1 - p) * math.log(1 - p)


def entropy_prime(p):
    return math.log(p) - math.log(1 - p)


class Pressure:
    def __call__(self, X):
        if np.any(X < 50) or np.any(X > 51):
            raise ValueError("measured between 50 and 51 only")
        return X**2

    def gradient(self, X):
        return 2 * X


class Arc:
    def __call__(self, X):
        return np.sqrt((X - 50) * (51 - X))

    def gradient(self, X):
        return (101 - 2 * X) / (2 * np.sqrt((X - 50) * (51 - X)))


class LambertW:
    def __call__(self, X):
        return np.vectorize(self.solve)(X)

    def gradient(self, X):
        W = self(X)
        return np.exp(-W) / (1 + W)

    @staticmethod
    def solve(x):
        if x < -1 / math.e:
            raise ValueError("below -1/e")
        w = math.log1p(x) if x > -0.3 else -0.5
        for _ in range(100):
            e = math.exp(w)
            f = w * e - x
            if f == 0:
                break
            step = f / (e * (w + 1) - (w + 2) * f / (2 * w + 2))
            w -= step
            if abs(step) < 1e-16 * (1 + abs(w)):
                break
        return w


def sinc(x):
    return math.sin(x) / x if x else 1.0


def sinc_prime(x):
    return (x * math.cos(x) - math.sin(x)) / x**2
