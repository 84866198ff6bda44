"""A real service, a real browser, and an eye on everything that the page must not do."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from service.commands.demo import gunicorn_command

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
PATIENCE = 90
expect.set_options(timeout=20_000)  # a busy machine is slow, and no less right
TELL_OF_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("policy violated: " + event.violatedDirective + " " + event.blockedURI));
"""


@contextmanager
def serving() -> Iterator[str]:
    """The service under gunicorn on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {**os.environ, "B12CDS_WORKERS": "1", "B12CDS_LOG_LEVEL": "debug"}
    command = gunicorn_command("--bind", f"127.0.0.1:{port}")
    log = (HERE / "service.log").open("wb")
    with log, subprocess.Popen(command, env=settings, stdout=log, stderr=log) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(address: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            urlopen(address, timeout=2).close()  # noqa: S310  # our own service
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)
        else:
            return


@contextmanager
def browsing() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with browsing() as opened:
        yield opened


class Watch:
    """Writes down whatever no page of this service may do."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.seen: list[str] = []

    def over(self, context: BrowserContext) -> None:
        context.add_init_script(TELL_OF_VIOLATIONS)
        context.on("request", lambda request: self._note(request.url))
        context.on("page", self._listen)

    def _listen(self, page: Page) -> None:
        page.on("console", lambda message: self.seen.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.seen.append(str(error)))

    def _note(self, address: str) -> None:
        _, _, query = address.partition("?")
        ours = address.startswith((f"{self.origin}/", "about:", "blob:"))
        if not ours or (query and not query.startswith(("lang=", "profile="))):
            self.seen.append(f"asked for {address}")


@pytest.fixture(params=["with scripts", "without scripts"])
def page(request: pytest.FixtureRequest, browser: Browser, origin: str) -> Iterator[Page]:
    """The page of a service; what it did besides is looked at afterwards."""
    scripts = request.param == "with scripts"
    with opened(browser, origin, java_script_enabled=scripts) as page:
        yield page


@pytest.fixture
def live(browser: Browser, origin: str) -> Iterator[Page]:
    """The page with scripts, for what only they do."""
    with opened(browser, origin) as page:
        yield page


@contextmanager
def opened(browser: Browser, origin: str, **options: object) -> Iterator[Page]:
    """A browser window on the service that must do nothing untoward, and keep nothing."""
    context = browser.new_context(base_url=origin, **options)
    watch = Watch(origin)
    watch.over(context)
    yield context.new_page()
    assert watch.seen == []
    stored = context.storage_state()
    assert stored["cookies"] == []
    assert stored["origins"] == []
    context.close()


@pytest.fixture
def scripts(page: Page) -> bool:
    """Whether the page runs its scripts."""
    page.goto("/")
    return page.locator("[data-print]").count() > 0 or page.evaluate("typeof htmx") == "object"
