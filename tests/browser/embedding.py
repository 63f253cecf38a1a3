"""A website of the clinic's own, on another origin than the desk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

Page = tuple[str, str]
"""The page's HTML and its Content-Security-Policy, "" for none."""

TAG = '<script src="{desk}/widget/meridian.js" defer data-clinic="Ours"></script>'

PLAIN: Page = (
    f"<!doctype html><html lang=en><title>Ours</title><h1>Ours</h1>{TAG}",
    "",
)

# What themes, page builders and old plugins do to a page.
WORDPRESS: Page = (
    """<!doctype html><html lang="en-CA" class="no-js"><head><title>Ours</title>
<style>
  * { all: unset !important; display: block !important; position: static !important;
      font-size: 5px !important; color: #fff !important; float: left !important; }
  body > * { transform: scale(.5) !important; max-width: 10px !important; }
  meridian-chat { opacity: 0 !important; visibility: hidden !important; }
  html { font-size: 62.5% !important; }
  button, a, input, textarea { background: #fff !important; padding: 99px !important; }
</style>
<script>
  window.$ = window.jQuery = function () { throw new Error("not yours"); };
  window.el = window.part = window.icon = window.STRINGS = window.CSS = null;
  Array.prototype.extra = function () {};
  Object.defineProperty(Object.prototype, "clone", { value() {}, enumerable: true });
  var start = 1, language = "xx", script = "gone", place = "nowhere";
  window.addEventListener("keydown", (event) => { window.keys = event.key; });
</script></head>
<body class="home page-template wp-custom-logo"><p>Hello world</p>"""
    + TAG.replace(" defer", "")
    + "</body></html>",
    "",
)

STRICT: Page = (
    f"<!doctype html><html lang=fr><title>Ours</title><h1>Ours</h1>{TAG}",
    "default-src 'none'; script-src {desk}; connect-src {desk}; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
)

NONCE: Page = (
    "<!doctype html><html lang=en><title>Ours</title><h1>Ours</h1>"
    + TAG.replace("<script", '<script nonce="4711"'),
    "default-src 'none'; script-src 'nonce-4711'; connect-src {desk}",
)

APP: Page = (
    "<!doctype html><html lang=en><title>Ours</title>"
    f"<body><div id=root></div>{TAG}</body>",
    "",
)

FRAME: Page = (
    "<!doctype html><html lang=en><title>Ours</title>"
    '<iframe src="{desk}/" title="Chat" width=900 height=700></iframe>',
    "",
)

PAGES = {
    "/": PLAIN,
    "/wordpress": WORDPRESS,
    "/strict": STRICT,
    "/nonce": NONCE,
    "/app": APP,
    "/frame": FRAME,
}


class _Handler(BaseHTTPRequestHandler):
    desk: ClassVar[str] = ""

    def do_GET(self) -> None:
        text, policy = PAGES.get(self.path, PLAIN)
        body = text.replace("{desk}", self.desk).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if policy:
            self.send_header(
                "Content-Security-Policy", policy.replace("{desk}", self.desk)
            )
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test run quiet."""


def serve() -> tuple[int, Callable[[str], None], Callable[[], None]]:
    """Serve the pages from a thread.

    Returns:
        The port, the deed that says where the desk is, and the one that stops it.
    """
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()

    def stop() -> None:
        server.shutdown()
        thread.join()
        server.server_close()

    return server.server_port, lambda url: setattr(handler, "desk", url), stop
