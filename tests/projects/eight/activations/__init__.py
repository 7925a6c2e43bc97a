"""Activation functions of a project that checks its gradients with actcheck."""
