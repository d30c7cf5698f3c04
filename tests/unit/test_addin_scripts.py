"""The scripts for a machine with nothing on it: the one for macOS runs here, with made-up programs in the place of uv and the rest."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHELL, POWERSHELL = ROOT / "addin/install/install.sh", ROOT / "addin/install/install.ps1"
NAME = "regulars-0.1.0-py3-none-any.whl"
UV = """#!/bin/sh
echo "uv $*" >> "$HOME/log"
case "$*" in
  "tool dir --bin") echo "$HOME/tools" ;;
  tool\\ install*)
    mkdir -p "$HOME/tools"
    printf '#!/bin/sh\\necho "regulars $*" >> "%s/log"\\n' "$HOME" > "$HOME/tools/regulars"
    chmod +x "$HOME/tools/regulars" ;;
esac
"""


class Mac:
    """A home and a path of one's own; `programs` are scripts on that path, `log` what was called."""

    def __init__(self, folder: Path) -> None:
        self.home, self.bin, self.given = folder / "home", folder / "bin", folder / "given by hand"
        for one in (self.home, self.bin, self.given):
            one.mkdir()
        shutil.copy(SHELL, self.given)
        (self.given / NAME).touch()
        for tool in ("sh", "dirname", "mktemp", "rm", "mkdir", "chmod", "cat", "cp"):
            (self.bin / tool).symlink_to(str(shutil.which(tool)))
        self.program("uname", "#!/bin/sh\necho Darwin\n")

    def program(self, name: str, text: str) -> None:
        path = self.bin / name
        path.write_text(text)
        path.chmod(0o755)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", str(self.given / SHELL.name), *arguments],
            env={"HOME": str(self.home), "PATH": str(self.bin)},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def log(self) -> list[str]:
        path = self.home / "log"
        return path.read_text().splitlines() if path.is_file() else []


@pytest.fixture
def mac(tmp_path: Path) -> Mac:
    return Mac(tmp_path)


def _installs(mac: Mac) -> list[str]:
    wheel = mac.given / NAME
    return [
        f"uv tool install --force --python-preference only-managed --python >=3.11,<3.14 {wheel}",
        "uv tool dir --bin",
        "regulars addin install",
    ]


def test_a_mac_with_uv_gets_the_program_and_the_button(mac: Mac) -> None:
    mac.program("uv", UV)
    done = mac.run()
    assert done.returncode == 0, done.stderr
    assert mac.log == _installs(mac)
    assert f"The program is at {mac.home}/tools/regulars" in done.stdout


def test_a_mac_without_uv_gets_it_from_homebrew(mac: Mac) -> None:
    mac.program("uv.kept", UV)
    mac.program("brew", f'#!/bin/sh\necho "brew $*" >> "$HOME/log"\ncp "{mac.bin}/uv.kept" "{mac.bin}/uv"\n')
    assert mac.run().returncode == 0
    assert mac.log == ["brew install uv", *_installs(mac)]


def test_a_mac_without_homebrew_gets_it_from_the_address_that_is_given(mac: Mac) -> None:
    mac.program("uv.kept", UV)
    installer = f'mkdir -p "$HOME/.local/bin"; cp "{mac.bin}/uv.kept" "$HOME/.local/bin/uv"'
    mac.program(
        "curl",
        '#!/bin/sh\necho "curl $*" >> "$HOME/log"\nwhile [ "$1" != --output ]; do shift; done\n'
        f"cat > \"$2\" <<'END'\n{installer}\nEND\n",
    )
    done = mac.run("--uv-installer", "https://example.org/uv.sh")
    assert done.returncode == 0, done.stderr
    assert mac.log[0].startswith("curl --proto =https ")
    assert mac.log[0].endswith(" https://example.org/uv.sh")
    assert mac.log[1:] == _installs(mac)


def test_without_uv_homebrew_and_an_address_it_says_what_is_needed(mac: Mac) -> None:
    done = mac.run()
    assert done.returncode == 1
    assert "uv is needed" in done.stderr
    assert "--uv-installer URL" in done.stderr


def test_another_system_than_macos_gets_no_button_and_is_told_the_other_way(mac: Mac) -> None:
    mac.program("uv", UV)
    mac.program("uname", "#!/bin/sh\necho Linux\n")
    assert "regulars live --libreoffice" in mac.run().stdout
    assert mac.log == _installs(mac)[:-1]


def _without_wheel(mac: Mac) -> tuple[str, ...]:
    (mac.given / NAME).unlink()
    return ()


def _with_two(mac: Mac) -> tuple[str, ...]:
    (mac.given / NAME.replace("0.1.0", "0.2.0")).touch()
    return ()


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (_without_wheel, "there is no file regulars"),
        (_with_two, "there are several files"),
        (lambda _: ("missing.whl",), "there is no file 'missing.whl'"),
        (lambda _: ("--quiet",), "the option '--quiet' is not known"),
        (lambda _: ("--uv-installer",), "needs an address"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_installed(
    mac: Mac, prepare: Callable[[Mac], tuple[str, ...]], words: str
) -> None:
    mac.program("uv", UV)
    done = mac.run(*prepare(mac))
    assert done.returncode == 1
    assert words in done.stderr
    assert "To do: " in done.stderr
    assert mac.log == []


def test_a_failure_of_uv_ends_the_script(mac: Mac) -> None:
    mac.program("uv", "#!/bin/sh\nexit 2\n")
    assert mac.run().returncode != 0


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_the_shells_can_read_the_script(shell: str) -> None:
    assert subprocess.run([shell, "-n", str(SHELL)], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("script", [SHELL, POWERSHELL], ids=lambda path: path.name)
def test_both_scripts_take_the_same_steps_with_the_same_python(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    requires = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    (python,) = re.findall(r"tool install --force --python-preference only-managed --python ['\"]([^'\"]+)['\"]", text)
    assert python == requires
    steps = [text.index(step) for step in ("tool install --force", "tool dir --bin", "addin install\n")]
    assert steps == sorted(steps)
    assert re.findall(r"https?://\w", text) == []
    assert not re.search(r"\bsudo\b|RunAs", text)


def test_powershell_5_reads_its_script_in_any_code_page() -> None:
    # It takes a script without a mark for the code page of the machine, where a dash may be a quotation mark.
    assert POWERSHELL.read_bytes().isascii()


def test_the_script_may_be_run_by_name() -> None:
    assert os.access(SHELL, os.X_OK)
