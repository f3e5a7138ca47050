"""Which models the engine keeps: as many as fit, and those that somebody uses."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from qcode.backends import nano
from qcode.backends.engine import models as models_module
from qcode.backends.engine.models import Models, Wanted
from qcode.errors import BackendError, UsageError

NANO = nano.file()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [Path(shutil.copy(NANO, tmp_path / f"{name}.gguf")) for name in "abc"]


def names(models: Models) -> list[str]:
    return [str(entry["name"]) for entry in models.status()]


async def test_a_model_that_rests_makes_room_and_one_that_works_does_not(
    files: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    models = Models()
    async with models.using(Wanted("llamacpp", files[0])) as first:
        room = 5 * first.memory // 2
        monkeypatch.setattr(models_module, "free_memory", lambda: room)
        async with models.using(Wanted("llamacpp", files[1])):
            with pytest.raises(BackendError) as caught:
                async with models.using(Wanted("llamacpp", files[2])):
                    pass
        assert "takes about" in caught.value.message and caught.value.hint
        async with models.using(Wanted("llamacpp", files[2])):
            assert names(models) == ["a", "c"]
    assert "takes about" in capsys.readouterr().out  # before anything was loaded
    await models.close()


async def test_another_file_under_the_name_is_another_model(files: list[Path]) -> None:
    models = Models()
    async with models.using(Wanted("llamacpp", files[0])) as before:
        pass
    os.utime(files[0], (1, 1))
    async with models.using(Wanted("llamacpp", files[0])) as after:
        assert after is not before
    await models.close()


def test_only_the_private_socket_may_name_a_path(files: list[Path]) -> None:
    models = Models()
    models.offer(files[0])
    assert models.find("a", private=False) == models.find("", private=False) == files[0]
    assert models.find(str(files[1]), private=True) == files[1]
    with pytest.raises(UsageError):
        models.find(str(files[1]), private=False)
