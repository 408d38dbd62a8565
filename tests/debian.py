"""Programs that the tests run and that are no Python packages: from the machine, or by apt where we may."""

import os
import shutil
import subprocess
import sys

# A program, and the package that has it; of a browser also the letters of Chinese.
PROGRAMS = {
    "chromium": "chromium fonts-noto-cjk",
    "java": "default-jdk-headless",
    "nginx": "nginx-light",
    "wrk": "wrk",
}
# Where servers lie, which is on root's PATH alone.
_SERVERS = "/usr/local/sbin:/usr/sbin:/sbin"


def find(program: str) -> str | None:
    """Where it is, None where it is not installed."""
    return shutil.which(program) or shutil.which(program, path=_SERVERS)


def require(program: str) -> str:
    """Where it is, installed first where it is missing; otherwise the end, saying what to install."""
    if find(program) is None:
        install(PROGRAMS[program])
    found = find(program)
    if found is None:
        sys.exit(f"{program} is missing. Install it (Debian: apt-get install {PROGRAMS[program]}).")
    return found


def install(*groups: str) -> None:
    """By apt, as root; elsewhere nothing, and whoever needs them says so."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *" ".join(groups).split()]):
        subprocess.run(["apt-get", *step], check=False, env=environment, stdout=subprocess.DEVNULL)


def install_programs() -> None:
    """Those that are missing."""
    if missing := [package for program, package in PROGRAMS.items() if not find(program)]:
        install(*missing)
