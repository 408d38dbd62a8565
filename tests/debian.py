"""Programs that the tests run and that are no Python packages: from the machine, or by apt where we may."""

import os
import shutil
import subprocess

# A program, and the package that has it.
PROGRAMS = {"java": "default-jdk-headless"}


def install(*packages: str) -> None:
    """By apt, as root; elsewhere nothing, and whoever needs them says so."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *step], check=False, env=environment, stdout=subprocess.DEVNULL)


def install_programs() -> None:
    """Those that are missing."""
    if missing := [package for program, package in PROGRAMS.items() if not shutil.which(program)]:
        install(*missing)
