"""Open pages of running sessions, in a process of their own: `pages.py PLAN RESULT`.

Each is one stream of server-sent events, opened one after another as people do. Says `ready` when all are open; writes
down what came when its standard input is closed.
"""

import http.client
import json
import os
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from visitor import sign_in

ALARM = "ALM-BP-3"


@dataclass(slots=True)
class Page:
    """What one page was told: `marks` are (id, minute, pulse, wall clock of arrival), alarms arrived by their start."""

    session: str
    origin_at: str = ""
    marks: list[tuple[str, float, float, float]] = field(default_factory=list)
    alarms: dict[str, float] = field(default_factory=dict)
    opened: threading.Event = field(default_factory=threading.Event)

    def take(self, kind: str, data: dict[str, Any], arrived_s: float) -> None:
        if kind == "readings":
            self.marks += [(mark["id"], mark["t"], mark["v"], arrived_s) for mark in data["points"]["hr"]]
        if kind == "state":
            self.origin_at = data["origin_at"]
            self.opened.set()
            for alarm in data["alarms"]:
                if alarm["rule"] == ALARM:
                    self.alarms.setdefault(alarm["since_at"], arrived_s)


def listen(page: Page, port: int, cookie: str) -> None:
    """Take one event after another until the server hangs up."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"/sessions/{page.session}/stream", headers={"Cookie": cookie})
    stream = connection.getresponse()
    if stream.status != http.client.OK:
        raise RuntimeError(f"the stream answers {stream.status}")
    kind = ""
    while line := stream.readline():
        if line.startswith(b"event: "):
            kind = line[7:].decode().strip()
        elif line.startswith(b"data: "):
            arrived_s = time.time()
            page.take(kind, json.loads(line[6:]), arrived_s)


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text())
    cookies = [sign_in(plan["port"], nurse, plan["password"]) for nurse in plan["nurses"]]
    pages = [Page(seat["session"]) for seat in plan["seats"]]
    for number, page in enumerate(pages):
        cookie = cookies[number % len(cookies)]
        threading.Thread(target=listen, args=(page, plan["port"], cookie), daemon=True).start()
        if not page.opened.wait(30):
            raise SystemExit("a page did not open")
    print("ready", flush=True)
    sys.stdin.read()
    rows = [{name: getattr(page, name) for name in ("session", "origin_at", "marks", "alarms")} for page in pages]
    Path(sys.argv[2]).write_text(json.dumps(rows))
    os._exit(0)


if __name__ == "__main__":
    main()
