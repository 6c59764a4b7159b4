"""HAR files as browsers write them, made from what a test says was asked and answered."""

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

HTML = "text/html; charset=utf-8"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Asked:
    """One exchange to be put into a HAR. `text` is what the browser shows of the body; None: it kept none."""

    url: str
    text: str | None = ""
    content_type: str = HTML
    status: int = 200
    method: str = "GET"
    sent: str = ""
    sent_type: str = FORM
    location: str = ""
    body: bytes | None = None
    kind: str = "document"
    tab: str = "page_1"
    cached: bool = False
    cookies: str = ""
    set_cookie: str = ""
    referer: str = ""


def chrome(*asked: Asked) -> bytes:
    """As Chrome and Edge export it: kinds, initiators and caches under names of their own, HTTP/2's own headers."""
    entries = []
    for number, one in enumerate(asked):
        entry = _entry(one, number)
        entry |= {"_resourceType": one.kind, "_priority": "VeryHigh", "_initiator": {"type": "other"}, "connection": "443"}
        entry["request"]["headers"] += [{"name": ":authority", "value": urlsplit(one.url).netloc}]
        entry["response"] |= {"_transferSize": -1, "_error": None if one.status else "net::ERR_ABORTED"}
        if one.cached:
            entry["_fromCache"] = "disk"
        entries.append(entry)
    return _har("WebInspector", entries)


def firefox(*asked: Asked) -> bytes:
    """As Firefox exports it: no kinds, bodies marked where they are missing, what was cached without times."""
    entries = []
    for number, one in enumerate(asked):
        entry = _entry(one, number)
        entry["serverIPAddress"] = "192.0.2.7"
        entry["timings"] = {
            "blocked": 0,
            "dns": 0,
            "connect": 0,
            "ssl": 0,
            "send": 0,
            "wait": 0 if one.cached else 40,
            "receive": 0,
        }
        if one.text is None:
            entry["response"]["content"]["comment"] = "Response bodies are not included."
        if "postData" in entry["request"]:
            entry["request"]["postData"]["params"] = [
                {"name": name, "value": value} for name, value in parse_qsl(one.sent, keep_blank_values=True)
            ]
        entries.append(entry)
    return _har("Firefox", entries)


def _entry(one: Asked, number: int) -> dict[str, Any]:
    content: dict[str, Any] = {"mimeType": one.content_type, "size": 0}
    if one.body is not None:
        content |= {"text": base64.b64encode(one.body).decode(), "encoding": "base64", "size": len(one.body)}
    elif one.text is not None:
        content |= {"text": one.text, "size": len(one.text.encode())}
    else:
        content["size"] = 4711
    headers = [("Content-Type", one.content_type), ("Location", one.location), ("Set-Cookie", one.set_cookie)]
    request: dict[str, Any] = {
        "method": one.method,
        "url": one.url,
        "httpVersion": "HTTP/1.1",
        "headers": _headers(("User-Agent", "Mozilla/5.0"), ("Cookie", one.cookies), ("Referer", one.referer)),
        "cookies": [],
        "queryString": [],
    }
    if one.method == "POST":
        request["postData"] = {"mimeType": one.sent_type, "text": one.sent}
        request["headers"] += _headers(("Content-Type", one.sent_type))
    return {
        "pageref": one.tab,
        "startedDateTime": f"2026-11-23T09:30:{number:02d}.100+08:00",
        "time": 12.5,
        "request": request,
        "response": {
            "status": one.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "headers": _headers(*headers),
            "cookies": [],
            "content": content,
            "redirectURL": one.location,
        },
        "cache": {},
    }


def _headers(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs if value]


def _har(creator: str, entries: list[dict[str, Any]]) -> bytes:
    log = {"version": "1.2", "creator": {"name": creator, "version": "1"}, "pages": [], "entries": entries}
    return json.dumps({"log": log}, ensure_ascii=False).encode()
