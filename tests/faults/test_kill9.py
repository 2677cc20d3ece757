"""The short form of `kill9.py`, which says what it does."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_kill_9_at_ten_random_moments() -> None:
    command = [sys.executable, "-m", "tests.faults.kill9", "--runs", "10"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sum(int(line.split()[0]) for line in done.stdout.splitlines()) == 10
