"""An object that has its second derivative as well."""

import numpy as np


class Tanh:
    def __call__(self, x):
        return np.tanh(x)

    def gradient(self, x):
        return 1 - np.tanh(x) ** 2

    def second(self, x):
        return -2 * np.tanh(x) * (1 - np.tanh(x) ** 2)

    def curvature(self, x):
        return 2 * np.tanh(x) * (1 - np.tanh(x) ** 2)


def value(x):
    return np.sin(x)


def slope(x):
    return np.cos(x)
