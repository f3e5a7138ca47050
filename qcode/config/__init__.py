"""Settings: defaults < user's file < trusted project's file < environment < flags."""

from qcode.config.load import load, set_user
from qcode.config.offline import enforce as enforce_offline
from qcode.config.places import Paths, paths
from qcode.config.settings import Budget, McpServer, Role, Settings

__all__ = ["Budget", "McpServer", "Paths", "Role", "Settings", "enforce_offline", "load", "paths", "set_user"]
