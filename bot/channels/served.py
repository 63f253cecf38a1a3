"""Files that never change while the desk runs: made ready once, compressed, tagged."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property

from sanic import HTTPResponse, Request
from sanic.response import raw

_FEW_MINUTES = "public, max-age=600, stale-while-revalidate=86400"
_FOR_EVER = "public, max-age=31536000, immutable"
_COMPRESSES = ("text/", "application/json", "image/svg")


@dataclass(frozen=True)
class Served:
    """One file as it goes out.

    Args:
        kind: its media type.
    """

    content: bytes
    kind: str

    @cached_property
    def version(self) -> str:
        """Return a name for exactly this content."""
        return hashlib.sha256(self.content).hexdigest()[:16]

    @cached_property
    def packed(self) -> bytes:
        """Return the content compressed with gzip, always to the same bytes."""
        return gzip.compress(self.content, 9, mtime=0)

    def answer(self, request: Request) -> HTTPResponse:
        """Answer with the file, or with 304 where the browser has it already.

        An address with `?v=` names one version and is kept for ever.
        """
        headers = {
            "ETag": f'"{self.version}"',
            "Cache-Control": _FOR_EVER if request.args.get("v") else _FEW_MINUTES,
            "Vary": "Accept-Encoding",
            # They say nothing about anybody, and any site may show the chat's script.
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        }
        if f'"{self.version}"' in request.headers.get("if-none-match", ""):
            return raw(b"", status=304, headers=headers)
        body = self.content
        accepted = request.headers.get("accept-encoding", "")
        if "gzip" in accepted and self.kind.startswith(_COMPRESSES):
            headers["Content-Encoding"], body = "gzip", self.packed
        return raw(body, headers=headers, content_type=self.kind)
