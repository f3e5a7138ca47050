"""The screen of models: engines found, what is installed, what fits, pull and switch."""

from qcode.tui.models.puller import Puller
from qcode.tui.models.screen import ModelsScreen
from qcode.tui.models.shelf import Choice, Part, shelf

__all__ = ["Choice", "ModelsScreen", "Part", "Puller", "shelf"]
