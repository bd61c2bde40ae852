"""The Secret Service of the tests is a real one, and nobody else's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from keyring.backends import SecretService

pytestmark = pytest.mark.keyring

SECRET = "a+b/c==&d%25 密钥"


def test_a_password_comes_back_as_it_was_written(secret_service: str) -> None:
    ring = SecretService.Keyring()
    ring.set_password("faceid-review test", "first", SECRET)
    assert ring.get_password("faceid-review test", "first") == SECRET
    ring.delete_password("faceid-review test", "first")
    assert ring.get_password("faceid-review test", "first") is None


def test_programs_started_by_a_test_meet_the_same_keyring(secret_service: str) -> None:
    SecretService.Keyring().set_password("faceid-review test", "second", SECRET)
    read = "from keyring.backends import SecretService as s; " + (
        "print(s.Keyring().get_password('faceid-review test', 'second'))"
    )
    found = subprocess.run([sys.executable, "-X", "utf8", "-c", read], capture_output=True, check=True)
    assert found.stdout.decode().strip() == SECRET


def test_it_is_not_the_keyring_of_whoever_runs_the_tests(secret_service: str) -> None:
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"] == secret_service
    # The owner of the name, asked on that bus, is a program whose home is not ours.
    asked = [
        "dbus-send",
        f"--bus={secret_service}",
        "--dest=org.freedesktop.DBus",
        "--print-reply=literal",
        "/",
    ]
    asked += ["org.freedesktop.DBus.GetConnectionUnixProcessID", "string:org.freedesktop.secrets"]
    answer = subprocess.run(asked, capture_output=True, check=True, text=True).stdout
    environ = Path(f"/proc/{int(answer.split()[-1])}/environ").read_bytes().split(b"\0")
    homes = [line.removeprefix(b"HOME=").decode() for line in environ if line.startswith(b"HOME=")]
    assert len(homes) == 1
    assert Path(homes[0]) != Path.home()
