"""Layers whose backward pass takes a step size and moves the weights at once."""

import numpy as np


class Layer:
    def forward(self, input):
        raise NotImplementedError

    def backward(self, output_gradient, learning_rate):
        raise NotImplementedError


class Dense(Layer):
    def __init__(self, input_size=3, output_size=2):
        self.weights = np.linspace(-1, 1, input_size * output_size).reshape(input_size, output_size)

    def forward(self, input):
        self.input = input
        return np.dot(input, self.weights)

    def backward(self, output_gradient, learning_rate):
        weights_gradient = np.dot(self.input.T, output_gradient)
        input_gradient = np.dot(output_gradient, self.weights.T)
        self.weights -= learning_rate * weights_gradient
        return input_gradient


class DenseWithRate:
    """It knows its step size itself."""

    def __init__(self, learning_rate=0.1):
        self.learning_rate = learning_rate
        self.weights = np.linspace(-1, 1, 6).reshape(3, 2)

    def forward(self, input):
        return np.dot(input, self.weights)

    def backward(self, input, grad_output):
        grad_input = np.dot(grad_output, self.weights.T)
        self.weights = self.weights - self.learning_rate * np.dot(input.T, grad_output)
        return grad_input


class MovesAlways:
    def __init__(self):
        self.weights = np.linspace(-1, 1, 6).reshape(3, 2)

    def forward(self, input):
        self.input = input
        return np.dot(input, self.weights)

    def backward(self, grad_output):
        self.weights -= 0.1 * np.dot(self.input.T, grad_output)
        return np.dot(grad_output, self.weights.T)


class Activation(Layer):
    def __init__(self, activation, activation_prime):
        self.activation = activation
        self.activation_prime = activation_prime

    def forward(self, input):
        self.input = input
        return self.activation(self.input)

    def backward(self, output_gradient, learning_rate):
        return np.multiply(output_gradient, self.activation_prime(self.input))


class Tanh(Activation):
    def __init__(self):
        super().__init__(lambda x: np.tanh(x), lambda x: 1 - np.tanh(x) ** 2)


class Wrong(Activation):
    def __init__(self):
        super().__init__(lambda x: np.tanh(x), lambda x: 1 - np.tanh(x))


class MovesFirst(Dense):
    def backward(self, output_gradient, learning_rate):
        self.weights -= learning_rate * np.dot(self.input.T, output_gradient)
        return np.dot(output_gradient, self.weights.T)


class SquaresError(Dense):
    """Moves its weights by something that is no gradient."""

    def backward(self, output_gradient, learning_rate=0.1):
        input_gradient = np.dot(output_gradient, self.weights.T)
        self.weights -= learning_rate * np.dot(self.input.T, output_gradient**2)
        return input_gradient


class OfAnySize(Dense):
    def __init__(self, input_size, output_size):
        self.tables = {"w": np.linspace(-1, 1, input_size * output_size), "shape": (input_size, output_size)}

    @property
    def weights(self):
        return self.tables["w"].reshape(self.tables["shape"])

    def backward(self, output_gradient):
        self.grads = {"w": np.dot(self.input.T, output_gradient).ravel()}
        return np.dot(output_gradient, self.weights.T)


class Passes:
    def forward_propagation(self, x):
        self.x = x
        return np.tanh(x)

    def backward_propagation(self, error, lr):
        return error * (1 - np.tanh(self.x) ** 2)


class WrongPasses(Passes):
    def backward_propagation(self, error, lr):
        return error * (1 - np.tanh(self.x))


class Network(Passes):
    def sigmoid(self, x):
        return 1 / (1 + np.exp(-x))

    def sigmoid_prime(self, x):
        return self.sigmoid(x) * (1 - self.sigmoid(x))


class SizedNetwork(Network):
    def __init__(self, sizes):
        self.sizes = sizes


class OneSample:
    """Of a single column: its bias takes no batch."""

    def __init__(self):
        self.W, self.b = np.array([[0.5, -0.4, 0.3], [0.2, 0.7, -0.6]]), np.array([[0.1], [-0.2]])

    def forward(self, x):
        self.x = x
        return self.W @ x + self.b

    def backward(self, g, lr):
        dx = self.W.T @ g
        self.W -= lr * g @ self.x.T
        self.b -= lr * g
        return dx


class OneSampleOfTanh(OneSample):
    def forward(self, x):
        self.a = np.tanh(super().forward(x))
        return self.a

    def backward(self, g, lr):
        return super().backward(g * (1 - self.a**2), lr)


class OneSampleMovesTwice(OneSampleOfTanh):
    def backward(self, g, lr):
        dx, before = self.W.T @ (g * (1 - self.a**2)), self.W.copy()
        super().backward(g, lr)
        self.W = 2 * self.W - before
        return dx


class OneSampleMovesFirst(OneSample):
    def backward(self, g, lr):
        super().backward(g, lr)
        return self.W.T @ g


class OneRow:
    """One sample at a time, as a batch of one: the bias is moved by the error itself."""

    def __init__(self, input_size=4, output_size=2):
        rng = np.random.default_rng(0)
        self.weights = rng.random((input_size, output_size)) - 0.5
        self.bias = rng.random((1, output_size)) - 0.5

    def forward_propagation(self, input_data):
        self.input = input_data
        return np.dot(self.input, self.weights) + self.bias

    def backward_propagation(self, output_error, learning_rate):
        input_error = np.dot(output_error, self.weights.T)
        self.weights -= learning_rate * np.dot(self.input.T, output_error)
        self.bias -= learning_rate * output_error
        return input_error


class OneRowTwice(OneRow):
    def backward_propagation(self, output_error, learning_rate):
        input_error = np.dot(output_error, self.weights.T)
        self.weights -= learning_rate * 2 * np.dot(self.input.T, output_error)
        self.bias -= learning_rate * output_error
        return input_error
