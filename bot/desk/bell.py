"""Tells whoever watches a conversation that something happened in it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

Ring = Literal["said", "typing", "idle", "over"]
"""`said`: read the record again; `typing` / `idle`: the assistant is (not) busy;
`over`: this watcher need not stay."""

_MISSED_RINGS = 64  # a slower watcher reads the record anyway


class Bell:
    """Rings within one process; the record, not the bell, carries what was said."""

    def __init__(self) -> None:
        self._watchers: defaultdict[str, set[asyncio.Queue[Ring]]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._everywhere: set[asyncio.Queue[str]] = set()
        self._listeners: list[Callable[[str, Ring], None]] = []

    def ring(self, conversation_id: str, what: Ring = "said") -> None:
        """Wake every watcher of a conversation."""
        for queue in self._watchers.get(conversation_id, ()):
            if not queue.full():
                queue.put_nowait(what)
        for everywhere in self._everywhere if what == "said" else ():
            if not everywhere.full():
                everywhere.put_nowait(conversation_id)
        for listener in self._listeners:
            listener(conversation_id, what)

    def ring_from_thread(self, conversation_id: str) -> None:
        """Do the same from outside the event loop."""
        if self._loop is not None:  # else nobody has ever watched
            self._loop.call_soon_threadsafe(self.ring, conversation_id)

    def listen(self, listener: Callable[[str, Ring], None]) -> None:
        """Hear every ring of every conversation from now on; it must not block."""
        self._loop = asyncio.get_running_loop()
        self._listeners.append(listener)

    @contextmanager
    def watch(self, conversation_id: str) -> Iterator[asyncio.Queue[Ring]]:
        """Receive the rings of one conversation until the block ends."""
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Ring] = asyncio.Queue(_MISSED_RINGS)
        self._watchers[conversation_id].add(queue)
        try:
            yield queue
        finally:
            self._watchers[conversation_id].discard(queue)
            if not self._watchers[conversation_id]:
                del self._watchers[conversation_id]

    @contextmanager
    def watch_all(self) -> Iterator[asyncio.Queue[str]]:
        """Receive the ids of conversations in which something is said."""
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[str] = asyncio.Queue(_MISSED_RINGS)
        self._everywhere.add(queue)
        try:
            yield queue
        finally:
            self._everywhere.discard(queue)

    def watched(self, conversation_id: str) -> bool:
        """Say whether somebody has this conversation open in this process."""
        return conversation_id in self._watchers
