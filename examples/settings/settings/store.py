"""Layers of settings: the last one that knows a key wins."""

from settings import loader


class Store:
    """Look keys up in layers, newest first."""

    def __init__(self):
        self._layers = []

    def add(self, text):
        """Add a layer from text, as `parse_cfg` reads it."""
        self._layers.append(loader.parse_cfg(text))
        return self

    def get(self, key, default=None):
        for layer in reversed(self._layers):
            if key in layer:
                return layer[key]
        return default
