"""The sockets of one libcurl multi handle, watched by an epoll descriptor, which an event loop watches in turn."""

import asyncio
import select
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
    """Lets libcurl say what it waits for, and drives it when that comes. `due`: when its timer is, by the loop."""

    def __init__(self, multi: Multi) -> None:
        self._multi = multi
        self._epoll = select.epoll()
        self._watched: dict[int, int] = {}
        self._now = asyncio.get_running_loop().time
        self.due: float | None = None
        multi.setopt(pycurl.M_SOCKETFUNCTION, self._want)
        multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)

    def fileno(self) -> int:
        """A descriptor that is readable while a socket is ready."""
        return self._epoll.fileno()

    def run_due(self) -> None:
        """Let libcurl do what its timer asks for, where that is due; new transfers start by this."""
        while self.due is not None and self.due <= self._now():
            self.due = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)

    def drive(self, longest: float) -> None:
        """Let libcurl work on sockets that are ready, and on its timer; what is left after `longest` seconds waits."""
        end = self._now() + longest
        for descriptor, mask in self._epoll.poll(0):
            self._multi.socket_action(descriptor, _actions(mask))
            if self._now() > end:
                break
        self.run_due()

    def close(self) -> None:
        """Close epoll; after the multi handle was closed, since that still says which sockets go."""
        self._epoll.close()

    def _set_timer(self, milliseconds: int) -> None:
        self.due = None if milliseconds < 0 else self._now() + milliseconds / 1000

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
