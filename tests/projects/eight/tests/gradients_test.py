"""What the project's own tests say of its gradients."""

import pytest
from activations.elementwise import Swish

import actcheck


@pytest.mark.parametrize("beta", [0.5, 1.0, 3.0])
def test_swish(beta):
    actcheck.assert_gradient(Swish(beta), edge=False)
