"""What the user wants of models: open the screen, pull, switch; and how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcode.errors import QcodeError
from qcode.terminal import clean
from qcode.tui.models.puller import Puller
from qcode.tui.models.screen import ModelsScreen, Wish
from qcode.tui.models.shelf import Choice

if TYPE_CHECKING:
    from qcode.tui.app import QcodeApp

CANCELLED = "Cancelled; what came so far is kept, and the next pull goes on with it."


class Models:
    """Carries wishes out. A pull goes on when its screen is left."""

    def __init__(self, app: QcodeApp) -> None:
        self._app = app
        self.puller = Puller()

    def open(self) -> None:
        """Show the screen, with the settings as they are now."""
        app = self._app
        try:
            app.desk.reload()
        except QcodeError as error:
            app.home.say(error.message, "warn", error.hint)
        else:
            app.meter.use(app.desk.settings.agent)
            app.push_screen(ModelsScreen(app.desk.models, self.puller, self._wished))

    def _wished(self, wish: Wish) -> None:
        if wish.choice.what == "pull":
            self._app.run_worker(self._pull(wish.choice), exclusive=True, group="pull")
        else:
            self._use(wish.choice.name, wish.role)

    def _use(self, name: str, role: str) -> None:
        app = self._app
        try:
            app.desk.use(name, role)
        except QcodeError as error:
            self._tell(f"{error.message} {error.hint}")
            return
        app.meter.use(app.desk.settings.agent)
        app.home.status.refresh()
        self._tell(f"{name} serves {role} from the next request on.")

    async def _pull(self, choice: Choice) -> None:
        offline = self._app.desk.settings.offline
        try:
            made = await self.puller.pull(choice.name, choice.quantisation, offline)
        except QcodeError as error:
            self._tell(f"{error.message} {error.hint}")
        else:
            self._tell(f"{made.name} is installed; Enter on it uses it." if made else CANCELLED)

    def _tell(self, words: str) -> None:
        if isinstance(screen := self._app.screen, ModelsScreen):
            screen.say(words)
            screen.look()
        else:
            self._app.notify(clean(words))
