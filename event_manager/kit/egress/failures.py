"""libcurl's error numbers as the failures a reader of a delivery understands."""

import pycurl

from event_manager.kit.egress.messages import Failure

# Numbers of libcurl that pycurl does not name.
_HTTP2_STREAM = 92
_SSL_CLIENTCERT = 98
_TOO_LARGE = 100

_CODES: dict[Failure, tuple[int, ...]] = {
    "bad-url": (pycurl.E_URL_MALFORMAT,),
    "dns": (pycurl.E_COULDNT_RESOLVE_HOST,),
    "connect": (pycurl.E_COULDNT_CONNECT, pycurl.E_INTERFACE_FAILED),
    "timeout": (pycurl.E_OPERATION_TIMEDOUT,),
    "tls": (
        pycurl.E_SSL_CONNECT_ERROR,
        pycurl.E_SSL_CERTPROBLEM,
        pycurl.E_BAD_FUNCTION_ARGUMENT,  # a private key that is none, or is not that of the certificate
        pycurl.E_SSL_CIPHER,
        pycurl.E_PEER_FAILED_VERIFICATION,
        pycurl.E_SSL_ENGINE_NOTFOUND,
        pycurl.E_SSL_ENGINE_SETFAILED,
        pycurl.E_USE_SSL_FAILED,
        pycurl.E_SSL_ENGINE_INITFAILED,
        pycurl.E_SSL_CACERT_BADFILE,
        pycurl.E_SSL_SHUTDOWN_FAILED,
        pycurl.E_SSL_CRL_BADFILE,
        pycurl.E_SSL_ISSUER_ERROR,
        pycurl.E_SSL_PINNEDPUBKEYNOTMATCH,
        pycurl.E_SSL_INVALIDCERTSTATUS,
        _SSL_CLIENTCERT,
    ),
    "connection-lost": (
        pycurl.E_GOT_NOTHING,
        pycurl.E_SEND_ERROR,
        pycurl.E_RECV_ERROR,
        pycurl.E_PARTIAL_FILE,
    ),
    "protocol": (
        pycurl.E_UNSUPPORTED_PROTOCOL,
        pycurl.E_FTP_WEIRD_SERVER_REPLY,  # the name libcurl's "weird server reply" kept in pycurl
        pycurl.E_BAD_CONTENT_ENCODING,
        pycurl.E_HTTP2,
        _HTTP2_STREAM,
    ),
    "too-large": (pycurl.E_WRITE_ERROR, pycurl.E_FILESIZE_EXCEEDED, _TOO_LARGE),
    "aborted": (pycurl.E_ABORTED_BY_CALLBACK,),
}
_FAILURES: dict[int, Failure] = {code: failure for failure, codes in _CODES.items() for code in codes}


def failure(code: int) -> Failure:
    """The failure of a libcurl error number (CURLE_...)."""
    return _FAILURES.get(code, "internal")
