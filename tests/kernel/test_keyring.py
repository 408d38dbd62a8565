"""The keys' files: made once, whole from the moment they are there, the owner's alone; one more on demand."""

import base64
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.kernel import keyring
from tests.server import ROOT


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "config.kernel.keyring", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_it_makes_what_is_missing_and_leaves_what_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    assert (run(str(folder)).returncode, run(str(folder)).stdout) == (0, "")
    made = files(folder)
    assert sorted(made) == ["secret_key", "secrets/1"]
    assert len(base64.b64decode(made["secrets/1"], validate=True)) == 32
    (folder / "secret_key").unlink()
    assert run(str(folder)).returncode == 0
    again = files(folder)
    assert again["secrets/1"] == made["secrets/1"]
    assert again["secret_key"] != made["secret_key"]


def test_everything_is_the_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o755)
    assert run(str(folder), "--new-key").returncode == 0
    modes = {str(path.relative_to(tmp_path)): stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {
        "keys": 0o700,
        "keys/secret_key": 0o600,
        "keys/secrets": 0o700,
        "keys/secrets/1": 0o600,
        "keys/secrets/2": 0o600,
    }


def test_a_new_key_has_the_next_number_and_the_others_stay(tmp_path: Path) -> None:
    keyring.make_keys(tmp_path)
    (tmp_path / "secrets" / "9").write_text(base64.b64encode(bytes(32)).decode())
    (tmp_path / "secrets" / "README").write_text("no key")
    before = files(tmp_path)
    for arguments in ((str(tmp_path), "--new-key"), ("--new-key", str(tmp_path))):
        done = run(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        number = int(re.findall(r"\d+", done.stdout)[0])
        assert done.stdout == f"Key {number} encrypts from now on. Run `manage.py rekey_secrets`.\n"
    after = files(tmp_path)
    assert sorted(set(after) - set(before)) == ["secrets/10", "secrets/11"]
    assert {name: after[name] for name in before} == before
    assert len(set(after.values())) == len(after)


@pytest.mark.parametrize("arguments", [(), ("--new-key",), ("one", "two"), ("one", "two", "--new-key")])
def test_it_says_how_it_is_used(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(*(str(tmp_path / each) if each[0] != "-" else each for each in arguments))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Usage: python -m config.kernel.keyring FOLDER [--new-key]\n"
    assert list(tmp_path.iterdir()) == []


def test_many_at_once_make_one_set_and_each_its_own_new_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: keyring.make_keys(tmp_path), range(24)))
        assert sorted(files(tmp_path)) == ["secret_key", "secrets/1"]
        numbers = list(pool.map(lambda _: keyring.add_key(tmp_path), range(24)))
    assert sorted(numbers) == list(range(2, 26)), "who is told a number has made that key"


def test_a_key_is_whole_from_the_moment_it_is_there(tmp_path: Path) -> None:
    keyring.make_keys(tmp_path)
    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(lambda: [keyring.add_key(tmp_path) for _ in range(200)])
        seen: set[int] = set()
        while not making.done():
            found = [path for path in (tmp_path / "secrets").iterdir() if path.name.isdecimal()]
            seen |= {len(base64.b64decode(path.read_text())) for path in found[-20:]}
        making.result()
    assert seen <= {32}, "never the half of one"


def test_a_draft_that_was_left_lying_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / ".1.0123456789abcdef").write_text("half of")
    keyring.make_keys(tmp_path)
    assert (tmp_path / "secrets" / "1").exists()
