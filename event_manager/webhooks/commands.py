"""Commands of the webhooks room. What they need is imported when they run."""

from typing import Annotated

import typer

from event_manager.kit.commands import plain_errors, refuse

commands = typer.Typer()
PORT = 8499
"""Where the demo's example webhook sends to."""


@commands.command("listen-webhooks")
def listen_webhooks(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes any free one.")] = PORT,
    secret: Annotated[
        str | None, typer.Option(help="The webhook's secret (whsec_...) or public key (whpk_...), to check signatures.")
    ] = None,
    respond: Annotated[int, typer.Option(min=200, max=599, help="Status to answer with, to try failures.")] = 200,
) -> None:
    """Receive webhooks on this machine and show each one, to try them out."""
    from event_manager.webhooks.listening import Listener
    from event_manager.webhooks.signing import SecretRefused
    from event_manager.webhooks.verifying import Verifier

    with plain_errors():
        try:
            verifier = Verifier(secret) if secret else None
        except SecretRefused as refused:
            refuse(f"--secret cannot be used: {refused}")
        try:
            listener = Listener(port, verifier, respond, typer.echo)
        except OSError as error:
            refuse(f"Port {port} cannot be used: {error.strerror}. Choose another one with --port.")
        with listener:
            address = f"http://127.0.0.1:{listener.server_address[1]}/"
            typer.echo(f"Waiting for webhooks at {address} (Ctrl-C ends). Each is answered with {respond}.\n")
            try:
                listener.serve_forever(poll_interval=0.2)
            except KeyboardInterrupt:
                typer.echo("Ended.")
