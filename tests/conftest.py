"""What all tests share: Qt without a screen, patient property tests, and a real Secret Service."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from faceid_review.faceid.simulator import Simulator
from faceid_review.review.accounts import Account
from faceid_review.session import Session

if sys.platform.startswith("linux"):
    from jeepney import MatchRule, message_bus
    from jeepney.io.blocking import Proxy, open_dbus_connection

# Before anything imports Qt.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Nothing is asserted about time, the time hypothesis takes included.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def runtime_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A runtime folder of our own: Qt warns where there is none, and sockets of the tests belong nowhere else."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("run")
        folder.chmod(0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        yield


@pytest.fixture(scope="session")
def secret_service(tmp_path_factory: pytest.TempPathFactory, runtime_dir: None) -> Iterator[str]:
    """A real Secret Service, unlocked and empty, for this test session and the programs it starts.

    It is gnome-keyring with a home of its own on a session bus of its own, which ``DBUS_SESSION_BUS_ADDRESS``
    names from here on. A bus that is there already is left alone, since it may be the developer's own and lead to
    the developer's own keyring. Gives the address of the bus.
    """
    if not sys.platform.startswith("linux"):
        pytest.skip("the Secret Service is Linux's")
    missing = [name for name in ("dbus-daemon", "gnome-keyring-daemon") if not shutil.which(name)]
    if missing:
        pytest.fail(f"{' and '.join(missing)} not found; `make test` installs what the tests need")

    home = tmp_path_factory.mktemp("keyring-home")
    log = (home / "log").open("wb")
    theirs = ("DBUS_", "XDG_", "GNOME_KEYRING_")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    environ |= {"HOME": str(home), "XDG_RUNTIME_DIR": os.environ["XDG_RUNTIME_DIR"]}
    with ExitStack() as stack:
        stack.enter_context(log)
        bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address"],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        stack.callback(stop, bus)
        assert bus.stdout
        address = bus.stdout.readline().strip()
        with appearance_of("org.freedesktop.secrets", address) as wait:
            keyring = subprocess.Popen(
                ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                env=environ | {"DBUS_SESSION_BUS_ADDRESS": address},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
            stack.callback(stop, keyring)
            assert keyring.stdin
            keyring.stdin.write(b"throw-away")
            keyring.stdin.close()
            wait()
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        patch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
        yield address


@contextmanager
def appearance_of(name: str, address: str) -> Iterator[Callable[[], object]]:
    """Listens for a name on a bus from the beginning of the block; the function given waits until it has come."""
    rule = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
    rule.add_arg_condition(0, name)
    with open_dbus_connection(bus=address) as connection:
        Proxy(message_bus, connection).AddMatch(rule)
        with connection.filter(rule) as signals:
            yield lambda: connection.recv_until_filtered(signals, timeout=60)


def stop(process: subprocess.Popen[Any]) -> None:
    """Ends a program that was started here, and closes what led to it."""
    process.terminate()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A vendor on loopback with forty sessions of the last day."""
    with Simulator(ids=40) as running:
        yield running


@pytest.fixture
def session(tmp_path: Path, simulator: Simulator) -> Iterator[Session]:
    """An open vault without a keyring, whose only account is the simulator's."""
    with Session.make(tmp_path / "vault", "Lin Yue", "a passphrase of ours", keyring=False) as opened:
        opened.accounts.add(Account("practice", simulator.base_url, simulator.api_key), simulator.api_secret)
        yield opened
