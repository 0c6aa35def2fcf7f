"""The part of pycurl used here, typed: pycurl's own types say nothing."""

from collections.abc import Callable
from typing import Protocol

import pycurl


class Easy(Protocol):
    """One transfer's handle (CURL)."""

    def setopt(self, option: int, value: object) -> None: ...
    def getinfo(self, info: int) -> int | float | str: ...
    def close(self) -> None: ...


class Multi(Protocol):
    """Many transfers and the connections they share (CURLM)."""

    def setopt(self, option: int, value: object) -> None: ...
    def add_handle(self, easy: Easy) -> None: ...
    def remove_handle(self, easy: Easy) -> None: ...
    def socket_action(self, descriptor: int, events: int) -> tuple[int, int]: ...
    def info_read(self) -> tuple[int, list[Easy], list[tuple[Easy, int, str]]]: ...
    def close(self) -> None: ...


OpenSocket = Callable[[int, tuple[int, int, int, tuple[str | int, ...]]], object]
"""(purpose, (family, kind, protocol, address)) -> a socket, or SOCKET_BAD to refuse."""

CurlError: type[Exception] = pycurl.error


def new_easy() -> Easy:
    """A fresh handle with libcurl's defaults."""
    easy: Easy = pycurl.Curl()
    return easy


def new_multi() -> Multi:
    """A fresh, empty set of transfers."""
    multi: Multi = pycurl.CurlMulti()
    return multi
