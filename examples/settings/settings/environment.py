"""Overrides from one variable: `APP_SETTINGS="a = 1; b = 2"`."""

from settings.loader import parse_cfg as read


def overrides(variable):
    """The settings in `variable`, whose parts are separated by semicolons."""
    return read(variable.replace(";", "\n"))
