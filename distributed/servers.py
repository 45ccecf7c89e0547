"""The servers that the distributed mode runs on, from `.parts/`: PostgreSQL, Redis, and one broker of Kafka.

They listen on loopback only. `docker-compose.kafka.yml` offers the same, with the same names.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import psycopg

from distributed import parts
from distributed.processes import Program

# User, password and name of the database.
DATABASE: Final = "punctual"
# PostgreSQL refuses to run as root.
_SERVANT: Final = "pgserver"
_START_SECONDS = 180
# Kafka's protocol: a request of 10 bytes that asks which requests the broker understands (API 18, version 0),
# under the number 1, from a client without a name. The answer begins with its length and the number.
_WHAT_IS_UNDERSTOOD: Final = bytes.fromhex("0000000a 0012 0000 00000001 ffff")


class StartFailed(Exception):
    """A server's data could not be prepared; the message is what the preparing program said."""


def database_url(port: int) -> str:
    """The URL of the database of a server on this port of loopback."""
    return f"postgresql://{DATABASE}:{DATABASE}@127.0.0.1:{port}/{DATABASE}"


def postgresql(folder: Path, port: int, *, is_thrown_away: bool) -> Program:
    """A PostgreSQL server with the database, its data prepared.

    Args:
        folder: For the data; what is there from before is used again.
        port: To listen on.
        is_thrown_away: Whether the data need not outlive a crash of the machine, which is quicker.
    """
    user = _servant() if os.geteuid() == 0 else None
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        _make_cluster(data, user)
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "port": str(port),
        "max_connections": "300",
        "log_checkpoints": "off",
        **(
            {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"} if is_thrown_away else {}
        ),
    }
    return Program(
        name="postgresql",
        command=[
            str(parts.POSTGRESQL.resolve() / "postgres"),
            *("-D", str(data)),
            *(f"--{name}={value}" for name, value in settings.items()),
        ],
        folder=data,
        log=folder / "postgresql.log",
        is_ready=lambda: has_database(port),
        stop_signal=signal.SIGINT,  # "fast": breaks connections off rather than wait for them
        user=user,
    )


def redis_server(folder: Path, port: int) -> Program:
    """A Redis server that keeps nothing on disk."""
    command = [
        str(parts.REDIS),
        "--bind",
        "127.0.0.1",
        "--port",
        str(port),
        "--save",
        "",
        "--appendonly",
        "no",
    ]
    return Program(
        name="redis",
        command=command,
        folder=folder,
        log=folder / "redis.log",
        is_ready=lambda: answers_redis(port),
    )


def kafka(folder: Path, port: int, controller_port: int) -> Program:
    """One broker that is its own controller, with an empty cluster.

    What was there before is removed: the database has it all, and is the judge of what has taken effect.
    """
    shutil.rmtree(folder / "kafka", ignore_errors=True)
    properties = folder / "kafka.properties"
    properties.write_text(kafka_properties(folder / "kafka", port, controller_port), encoding="utf-8")
    java = ["java", "-cp", f"{parts.KAFKA.resolve()}/*"]
    _prepare(
        *(*java, "kafka.tools.StorageTool", "format"),
        *("-t", "punctual-on-one-node-x", "-c", str(properties)),
    )
    return Program(
        name="kafka",
        command=[
            *java,
            *("-Xmx512m", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
            *("kafka.Kafka", str(properties)),
        ],
        folder=folder,
        log=folder / "kafka.log",
        is_ready=lambda: answers_kafka(port),
    )


def kafka_properties(data: Path, port: int, controller_port: int) -> str:
    """The broker's configuration file."""
    settings = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": str(data),
        # A topic that nobody made is a mistake.
        "auto.create.topics.enable": "false",
        # There is no second broker that could hold copies.
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "3",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        # One that was killed registers again once its old session is over: after 9 s by default.
        "broker.session.timeout.ms": "3000",
        "broker.heartbeat.interval.ms": "500",
        # Nobody else is about to join a consumer group.
        "group.initial.rebalance.delay.ms": "0",
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def _make_cluster(data: Path, user: str | None) -> None:
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    if user is not None:
        shutil.chown(data, user)
        for path in (data, parts.POSTGRESQL.resolve()):
            _let_through(path)
    programs = parts.POSTGRESQL.resolve()
    with tempfile.NamedTemporaryFile("w", suffix=".password") as password:
        password.write(DATABASE)
        password.flush()
        if user is not None:
            shutil.chown(password.name, user)
        _prepare(
            *(str(programs / "initdb"), "-D", str(data), "-U", DATABASE),
            *("--auth=scram-sha-256", f"--pwfile={password.name}", "--encoding=UTF8", "--locale=C.UTF-8"),
            user=user,
        )
    # The one way to make a database without a server that listens.
    _prepare(
        *(str(programs / "postgres"), "--single", "-D", str(data), "postgres"),
        user=user,
        given=f"CREATE DATABASE {DATABASE};\n",
    )


def _servant() -> str:
    try:
        pwd.getpwnam(_SERVANT)
    except KeyError:
        _prepare("useradd", "--system", "--shell", "/usr/sbin/nologin", _SERVANT)
    return _SERVANT


def _let_through(path: Path) -> None:
    """Let other users pass through the folders that lead to a path, without seeing what else is in them."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _prepare(*command: str, user: str | None = None, given: str = "") -> None:
    done = subprocess.run(
        command,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        user=user,
        cwd="/",
        timeout=_START_SECONDS,
    )
    if done.returncode:
        raise StartFailed(f"`{Path(command[0]).name}` failed:\n{done.stdout}{done.stderr}")


def has_database(port: int) -> bool:
    """Whether the database can be connected to at this port of loopback."""
    try:
        psycopg.connect(database_url(port), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def answers_redis(port: int) -> bool:
    """Whether a Redis server answers at this port of loopback."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def answers_kafka(port: int) -> bool:
    """Whether a Kafka broker answers at this port of loopback.

    That something listens says little: an engine of containers does so for a broker that is not there yet.
    """
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(_WHAT_IS_UNDERSTOOD)
            return connection.recv(8)[4:] == _WHAT_IS_UNDERSTOOD[8:12]
    except OSError:
        return False
