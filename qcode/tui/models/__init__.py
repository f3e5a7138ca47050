"""The screen of models: engines found, what is installed, what fits, pull and switch."""

from qcode.tui.models.puller import Puller
from qcode.tui.models.screen import ModelsScreen
from qcode.tui.models.shelf import Choice, Part, shelf
from qcode.tui.models.wishes import Models

__all__ = ["Choice", "Models", "ModelsScreen", "Part", "Puller", "shelf"]
