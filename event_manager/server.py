"""Running the product: the web server, optionally with a worker in the same process, until a signal ends it."""

import asyncio
import gc
import os
import resource
import signal
import socket
import sys
from types import FrameType

import uvicorn
import uvloop
from fastapi import FastAPI

from event_manager import __version__
from event_manager.app import create_app
from event_manager.config import Settings
from event_manager.kit import logs, tracing
from event_manager.kit.installation import Installation
from event_manager.kit.setup import SetupError
from event_manager.kit.slow_clients import ImpatientProtocol

DRAIN_SECONDS = 10
KEEP_ALIVE_SECONDS = 75
"""Longer than the minute after which proxies let go of an idle connection, so that it is they who end it."""


class Server(uvicorn.Server):
    """A server that tells open streams to end before it waits for its connections."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._application = app

    def handle_exit(self, sig: int, _frame: FrameType | None) -> None:
        """Called on SIGTERM and SIGINT."""
        self._application.state.stopping.set()
        # Not super(): uvicorn would raise the signal again after its shutdown, and nobody would stop the database.
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def serve(installation: Installation, *, worker: bool = True, ready: str = "") -> None:
    """Serve until told to stop, with a worker beside it unless told not to.

    ``ready`` is printed once requests are answered. Raises SetupError.
    """
    settings = installation.settings
    logs.configure(settings.log_level, settings.log_format)
    tracing.start(__version__)
    app = create_app(settings, installation.database(), secret_key=installation.secret_key, worker=worker)
    listener = listen(settings)
    allow_many_connections()
    config = uvicorn.Config(
        app, log_config=None, access_log=False, proxy_headers=False, server_header=False, lifespan="on",
        timeout_graceful_shutdown=DRAIN_SECONDS, backlog=2048, http=ImpatientProtocol, ws="none",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )  # fmt: skip
    server = Server(config, app)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_run(server, listener, ready))
    finally:
        tracing.stop()
    if not server.started:
        raise SetupError("The server could not start; its log above says why.")


async def _run(server: Server, listener: socket.socket, ready: str) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not serving.done():  # noqa: ASYNC110 - the server offers a flag, no event
        await asyncio.sleep(0.02)
    gc.collect()
    gc.freeze()  # what has been imported lives as long as the process: collections need not walk it again
    if server.started and ready:
        print(ready, flush=True)  # what a person waits for
    await serving


def listen(settings: Settings) -> socket.socket:
    """The bound socket. Raises SetupError when the port is taken or may not be used."""
    try:
        return socket.create_server((settings.host, settings.port), backlog=2048, reuse_port=False)
    except OSError as error:
        raise SetupError(
            f"Port {settings.port} on {settings.host} cannot be used ({os.strerror(error.errno or 0)}): "
            "something else runs there. Choose another with --port."
        ) from error


def allow_many_connections() -> None:
    """Take as many open files as the system grants: a hall of live pages needs more than the usual 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard and sys.platform == "linux":  # macOS says "unlimited" and means less
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
