"""What S3 refuses about locks, holds and unfinished uploads and moto lets pass, put into moto itself.

Without this, a test that a lock is never shortened would prove nothing: moto shortens it.
"""

import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.s3.exceptions import AccessDeniedByLock, InvalidArgumentError, MissingVersion
from moto.s3.models import FakeMultipart, S3Backend
from moto.s3.responses import S3Response


def moment(text: str) -> datetime.datetime:
    whole = "%Y-%m-%dT%H:%M:%SZ" if "." not in text else "%Y-%m-%dT%H:%M:%S.%fZ"
    return datetime.datetime.strptime(text, whole)


def refuse_past(until: str | None) -> None:
    if until and moment(until) <= utcnow():
        raise InvalidArgumentError("The retain until date must be in the future!", "RetainUntilDate", until)


def retention_that_refuses(original: Any) -> Any:
    def put_object_retention(self: S3Backend, bucket_name: str, key_name: str, version_id: Any, retention: Any) -> None:
        key = self.get_object(bucket_name, key_name, version_id=version_id)
        if key is None:
            raise MissingVersion(key=key_name, version_id=version_id)
        mode, until = retention
        refuse_past(until)
        # nothing here asks to bypass governance, so that both modes only ever get longer
        if key.lock_mode and key.lock_until and moment(key.lock_until) > utcnow():
            weaker = key.lock_mode == "COMPLIANCE" and mode != "COMPLIANCE"
            if weaker or not until or moment(until) < moment(key.lock_until):
                raise AccessDeniedByLock
        original(self, bucket_name, key_name, version_id, retention)

    return put_object_retention


def hold_that_refuses(original: Any) -> Any:
    def put_object_legal_hold(self: S3Backend, bucket_name: str, key_name: str, version_id: Any, status: Any) -> None:
        if self.get_object(bucket_name, key_name, version_id=version_id) is None:
            raise MissingVersion(key=key_name, version_id=version_id)
        original(self, bucket_name, key_name, version_id, status)

    return put_object_legal_hold


def put_that_refuses(original: Any) -> Any:
    def put_object(self: S3Backend, *given: Any, **named: Any) -> Any:
        refuse_past(named.get("lock_until"))
        return original(self, *given, **named)

    return put_object


def multipart_that_knows_its_time(original: Any) -> Any:
    def __init__(self: FakeMultipart, *given: Any, **named: Any) -> None:
        original(self, *given, **named)
        self.initiated = utcnow()

    return __init__


def list_multipart_uploads(self: S3Response) -> Any:
    """moto's own says that every upload began in 2010."""
    prefix = self.querystring.get("prefix", [""])[0]
    uploads = [
        {
            "Key": upload.key_name,
            "UploadId": upload.id,
            "StorageClass": "STANDARD",
            "Initiated": getattr(upload, "initiated", utcnow()).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        }
        for upload in self.backend.list_multipart_uploads(self.bucket_name).values()
        if upload.key_name.startswith(prefix)
    ]
    result = {"Bucket": self.bucket_name, "MaxUploads": 1000, "IsTruncated": False, "Uploads": uploads}
    self.data["Action"] = "ListMultipartUploads"
    return self.serialized(ActionResult(result))


def refuse_as_s3_does() -> None:
    S3Backend.put_object = put_that_refuses(S3Backend.put_object)
    S3Backend.put_object_retention = retention_that_refuses(S3Backend.put_object_retention)
    S3Backend.put_object_legal_hold = hold_that_refuses(S3Backend.put_object_legal_hold)
    FakeMultipart.__init__ = multipart_that_knows_its_time(FakeMultipart.__init__)
    S3Response.list_multipart_uploads = list_multipart_uploads
