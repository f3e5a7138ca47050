"""Language servers that the user has: asked, in trusted repositories and under the sandbox alone, which
places of a name are meant. What they say decides what syntax trees leave in doubt."""

from qcode.refactor.servers.ask import Answer, meant

__all__ = ["Answer", "meant"]
