"""Bytes, requests and time of the pages: `python -m bench.weight HOST:PORT`, over a running service.

The service has to allow the host page: `CALL_ASSISTANT_EMBED_SITES=http://localhost:* call-assistant serve`. What
comes over the wire is counted by a proxy before it; first visits have an empty cache, repeat visits the one of before.
"""

import argparse
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.hosts import Host, hosting

PIECE = 65_536
expect.set_options(timeout=60_000)


@dataclass
class Meter:
    """A proxy before the service."""

    port: int
    received: int = 0
    """Bytes that the service sent, headers included."""
    asked: int = 0
    """Requests that it got."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def down(self, piece: bytes) -> None:
        with self.lock:
            self.received += len(piece)

    def up(self, piece: bytes) -> None:
        with self.lock:
            self.asked += piece.count(b" HTTP/1.1\r\n")


@dataclass(frozen=True)
class Visit:
    """What one visit took."""

    bytes: int
    requests: int
    ms: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("service", help="HOST:PORT of the running service")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    host, _, port = options.service.rpartition(":")
    with metering((host, int(port))) as meter, hosting() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, way in ways(meter, site).items():
            visits = [measure(browser, meter, way) for _ in range(options.runs)]
            for which, place in (("first", 0), ("repeat", 1)):
                taken = [pair[place] for pair in visits]
                print(
                    f"{name}, {which}: {statistics.median(v.bytes for v in taken) / 1000:.1f} KB, "
                    f"{statistics.median(v.requests for v in taken):.0f} requests, "
                    f"median {statistics.median(v.ms for v in taken):.0f} ms "
                    f"({min(v.ms for v in taken):.0f}–{max(v.ms for v in taken):.0f})"
                )
        browser.close()


def ways(meter: Meter, site: Host) -> dict[str, tuple[Callable[[Page], None], Callable[[Page], None]]]:
    """By name: what comes before, and what is measured."""
    service = f"http://127.0.0.1:{meter.port}"
    site.put(service)

    def button(page: Page) -> None:
        page.goto(site.site)
        expect(page.get_by_role("button", name="Ask about the call")).to_be_visible()

    def widget(page: Page) -> None:
        page.get_by_role("button", name="Ask about the call").click()
        expect(page.frame_locator("iframe").locator("#question")).to_be_focused()

    def chat(page: Page) -> None:
        page.goto(service)
        expect(page.get_by_label("Your question").and_(page.locator("textarea"))).to_be_editable()

    def nothing(_: Page) -> None:
        pass

    return {"loader": (nothing, button), "widget": (button, widget), "chat page": (nothing, chat)}


def measure(
    browser: Browser, meter: Meter, way: tuple[Callable[[Page], None], Callable[[Page], None]]
) -> tuple[Visit, Visit]:
    """A first and a repeat visit of one visitor."""
    context = browser.new_context()
    pair = _visit(context, meter, *way), _visit(context, meter, *way)
    context.close()
    return pair


def _visit(
    context: BrowserContext, meter: Meter, before: Callable[[Page], None], measured: Callable[[Page], None]
) -> Visit:
    page = context.new_page()
    before(page)
    received, asked, start = meter.received, meter.asked, time.perf_counter()
    measured(page)
    ms = 1000 * (time.perf_counter() - start)
    page.wait_for_load_state("load")
    taken = Visit(meter.received - received, meter.asked - asked, ms)
    page.close()
    return taken


@contextmanager
def metering(service: tuple[str, int]) -> Iterator[Meter]:
    """A proxy on a free port that counts what `service` sends."""
    listening = socket.create_server(("127.0.0.1", 0))
    meter = Meter(listening.getsockname()[1])

    def pump(source: socket.socket, target: socket.socket, count: Callable[[bytes], None]) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                count(piece)
                target.sendall(piece)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                server = socket.create_connection(service)
                for way in ((client, server, meter.up), (server, client, meter.down)):
                    threading.Thread(target=pump, args=way, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield meter
    finally:
        listening.close()


if __name__ == "__main__":
    main()
