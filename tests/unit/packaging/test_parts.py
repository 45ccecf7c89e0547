"""Getting the parts of the distributed mode: once per machine, whole or not at all, and told what is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
JAVA = "echo 'openjdk version \"21.0.1\"' >&2"
# Each notes that it was called.
MAVEN = """
echo called >> "$CALLS"
for argument; do case $argument in -DoutputDirectory=*) touch "${argument#*=}/kafka.jar";; esac; done
"""
GO = """
echo called >> "$CALLS"
while [ "$1" != "-o" ]; do shift; done
echo sidecar > "$2"
"""


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine with an empty cache and programs that only pretend."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, script in {"java": JAVA, "mvn": MAVEN, "go": GO, "redis-server": "", "touch": None}.items():
        if script is None:
            (programs / name).symlink_to(f"/usr/bin/{name}")
            continue
        (programs / name).write_text(f"#!/bin/sh\n{script}")
        (programs / name).chmod(0o755)
    return {
        "PATH": str(programs),
        "PYTHONPATH": str(ROOT),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "CALLS": str(tmp_path / "calls"),
    }


def getting(machine: dict[str, str], links: Path) -> subprocess.Popen[str]:
    script = f"from pathlib import Path; from distributed import parts; parts.get(links=Path({str(links)!r}))"
    return subprocess.Popen([sys.executable, "-c", script], env=machine, stderr=subprocess.PIPE, text=True)


def told_by(run: subprocess.Popen[str]) -> str:
    """What a run says in the end; nothing when all is well."""
    _, told = run.communicate()
    assert (run.returncode == 0) == (told == ""), told
    return told


def test_checkouts_share_what_one_of_them_got(machine: dict[str, str], tmp_path: Path) -> None:
    folders = [tmp_path / f"checkout-{number}" for number in range(3)]

    runs = [getting(machine, folder) for folder in folders]

    assert [told_by(run) for run in runs] == ["", "", ""]
    assert Path(machine["CALLS"]).read_text().split() == ["called"] * 2  # Kafka and the sidecar, once each
    for folder in folders:
        assert (folder / "kafka" / "kafka.jar").is_file()
        assert (folder / "daprd").read_text() == "sidecar\n"


def test_a_part_that_failed_is_made_again(machine: dict[str, str], tmp_path: Path) -> None:
    maven = Path(machine["PATH"]) / "mvn"
    works = maven.read_text()
    maven.write_text(f"{works}\nexit 7\n")

    assert "failed with status 7" in told_by(getting(machine, tmp_path / "links"))

    maven.write_text(works)
    assert told_by(getting(machine, tmp_path / "links")) == ""
    assert (tmp_path / "links" / "kafka" / "kafka.jar").is_file()


@pytest.mark.parametrize("program", ["java", "mvn", "go", "redis-server"])
def test_a_missing_program_is_named(machine: dict[str, str], tmp_path: Path, program: str) -> None:
    (Path(machine["PATH"]) / program).unlink()

    assert f"There is no `{program}`" in told_by(getting(machine, tmp_path / "links"))


def test_an_old_java_is_refused(machine: dict[str, str], tmp_path: Path) -> None:
    (Path(machine["PATH"]) / "java").write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")

    assert "Java 17" in told_by(getting(machine, tmp_path / "links"))
