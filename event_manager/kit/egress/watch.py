"""The sockets of one libcurl multi handle, watched by epoll, and a way to wake the watcher from another thread."""

import os
import select
import time
from contextlib import suppress

import pycurl

from event_manager.kit.egress.curl import Multi

_WANTS = {
    pycurl.POLL_IN: select.EPOLLIN,
    pycurl.POLL_OUT: select.EPOLLOUT,
    pycurl.POLL_INOUT: select.EPOLLIN | select.EPOLLOUT,
}
_BROKEN = select.EPOLLERR | select.EPOLLHUP


class Watch:
    """Lets libcurl say what it waits for, and drives it when that comes."""

    def __init__(self, multi: Multi) -> None:
        self._multi = multi
        self._epoll = select.epoll()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._watched: dict[int, int] = {}
        self._due: float | None = None
        self._epoll.register(self._bell, select.EPOLLIN)
        multi.setopt(pycurl.M_SOCKETFUNCTION, self._want)
        multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)

    def ring(self) -> None:
        """Wake `wait` (from any thread)."""
        os.eventfd_write(self._bell, 1)

    def run_due(self) -> None:
        """Let libcurl do what its timer asks for, where that is due; new transfers start by this."""
        while self._due is not None and self._due <= time.monotonic():
            self._due = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)

    def wait(self, at_most: float | None) -> None:
        """Sleep until a socket is ready, the timer is due, `at_most` seconds passed or `ring`; then drive libcurl."""
        ends = [] if at_most is None else [at_most]
        if self._due is not None:
            ends.append(max(0.0, self._due - time.monotonic()))
        for descriptor, mask in self._epoll.poll(min(ends) if ends else None):
            if descriptor == self._bell:
                with suppress(BlockingIOError):
                    os.eventfd_read(self._bell)
                continue
            self._multi.socket_action(descriptor, _actions(mask))
        self.run_due()

    def close(self) -> None:
        """Close epoll and bell; after the multi handle was closed, since that still says which sockets go."""
        self._epoll.close()
        os.close(self._bell)

    def _set_timer(self, milliseconds: int) -> None:
        self._due = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000

    def _want(self, what: int, descriptor: int, _multi: object, _data: object) -> None:
        if what == pycurl.POLL_REMOVE:
            if self._watched.pop(descriptor, None) is not None:
                with suppress(OSError):  # closed already, which takes it out of epoll
                    self._epoll.unregister(descriptor)
            return
        wanted = _WANTS.get(what, 0)
        known = self._watched.get(descriptor)
        if known is None:
            self._epoll.register(descriptor, wanted)
        elif known != wanted:
            self._epoll.modify(descriptor, wanted)
        self._watched[descriptor] = wanted


def _actions(mask: int) -> int:
    actions = 0
    if mask & select.EPOLLIN:
        actions |= pycurl.CSELECT_IN
    if mask & select.EPOLLOUT:
        actions |= pycurl.CSELECT_OUT
    if mask & _BROKEN:
        actions |= pycurl.CSELECT_ERR
    return actions
