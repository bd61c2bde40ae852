"""``demo`` in a real window on a real X server, driven by a screen reader's means: names, actions, texts."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

READER = Path(__file__).with_name("reader.py")
BUS_LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")


class Screen:
    """An X server with a window manager, a bus with accessibility on it, the program and its reader."""

    def __init__(self, stack: ExitStack, tmp_path: Path) -> None:
        self._stack = stack
        self.environ = {**os.environ, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
                        "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "LANG": "C.UTF-8"}  # fmt: skip
        xvfb = self.start(["Xvfb", "-displayfd", "1", "-screen", "0", "1440x900x24"], stdout=subprocess.PIPE)
        assert xvfb.stdout
        self.environ["DISPLAY"] = f":{xvfb.stdout.readline().decode().strip()}"
        bus = self.start(["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE)
        assert bus.stdout
        self.environ["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
        self.start([str(BUS_LAUNCHER), "--launch-immediately"])
        self.start(["openbox"])

    def start(
        self, command: list[str], stdin: int | None = None, stdout: int = subprocess.DEVNULL
    ) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            command, env=self.environ, stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL
        )

        def stop() -> None:
            process.terminate()
            process.communicate(timeout=20)

        self._stack.callback(stop)
        return process

    def read(self) -> None:
        self._reader = self.start(
            ["/usr/bin/python3", str(READER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def say(self, command: str) -> str:
        assert self._reader.stdin
        assert self._reader.stdout
        self._reader.stdin.write(f"{command}\n".encode())
        self._reader.stdin.flush()
        return self._reader.stdout.readline().decode().strip()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    missing = [tool for tool in ("Xvfb", "openbox", "dbus-daemon") if not shutil.which(tool)]
    if missing or not BUS_LAUNCHER.exists():
        pytest.fail(f"missing: {missing or BUS_LAUNCHER}; `make test` installs what the tests need")
    with ExitStack() as stack:
        yield Screen(stack, tmp_path)


@pytest.mark.xvfb
def test_the_demo_by_names_alone(screen: Screen, tmp_path: Path) -> None:
    demo = screen.start([sys.executable, "-m", "faceid_review", "--lang", "en", "demo"])
    screen.read()
    assert screen.say("wait Fetch…").startswith("push button")
    assert screen.say("text Biz IDs").count("|") == 4
    assert screen.say("nameless") == ""
    assert screen.say("press Fetch 5").startswith("push button")
    assert screen.say("wait Export PDF").startswith("push button")
    assert screen.say("wait Cases").startswith("list")
    assert "this call" in screen.say("names")
    assert screen.say("nameless") == ""
    assert demo.poll() is None
    picture = tmp_path / "window.png"
    subprocess.run(["import", "-window", "root", str(picture)], env=screen.environ, check=True, timeout=60)
    colours = subprocess.run(
        ["identify", "-format", "%k", str(picture)], capture_output=True, check=True, timeout=60
    )
    assert int(colours.stdout) > 1000, "no photograph on the screen"
