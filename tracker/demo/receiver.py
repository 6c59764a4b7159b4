"""A receiver on loopback: takes what Apprise posts to a json:// address, and keeps it."""

import json

from tracker.demo.server import Asked, Reply, Server

PATH = "/phone"


class Receiver(Server):
    """Stands for the phone. `messages` are (title, text), in the order in which they came."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        """Its address as Apprise wants it."""
        return f"json://{self.host}{PATH}"

    def reply(self, request: Asked) -> Reply:
        if (request.method, request.path.rstrip("/")) != ("POST", PATH):
            return Reply(b"", "text/plain", 404)
        sent = json.loads(request.body)
        self.messages.append((str(sent["title"]), str(sent["message"])))
        return Reply(b'{"ok":true}', "application/json")
