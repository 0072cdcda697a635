"""What S3 refuses and moto lets pass: a body that is not the one whose hash the request names."""

import base64
import hashlib
import io
from typing import Callable, Iterable


def refusal(code: str) -> bytes:
    message = "The bytes that arrived are not those that were hashed."
    return f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()


def wrong_hash(environ: dict, body: bytes) -> str | None:
    """The code S3 answers with, or None when each hash that is named is the body's."""
    named = environ.get("HTTP_X_AMZ_CHECKSUM_SHA256")
    signed = environ.get("HTTP_X_AMZ_CONTENT_SHA256", "")
    if named is None:
        return None
    digest = hashlib.sha256(body).digest()
    if base64.b64encode(digest).decode() != named:
        return "BadDigest"
    # a signature may also be over "UNSIGNED-PAYLOAD" and the like, which are no hashes
    if len(signed) == 64 and signed != digest.hex():
        return "XAmzContentSHA256Mismatch"
    return None


def checked(application: Callable) -> Callable:
    """The same WSGI application behind these checks. Only uploads that name their hash are read whole."""

    def serve(environ: dict, start_response: Callable) -> Iterable[bytes]:
        if environ.get("REQUEST_METHOD") != "PUT" or "HTTP_X_AMZ_CHECKSUM_SHA256" not in environ:
            return application(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        code = wrong_hash(environ, body)
        if code is None:
            environ["wsgi.input"] = io.BytesIO(body)
            return application(environ, start_response)
        answer = refusal(code)
        start_response("400 Bad Request", [("Content-Type", "application/xml"), ("Content-Length", str(len(answer)))])
        return [answer]

    return serve
