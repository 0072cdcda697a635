#!/usr/bin/env python3
"""Restores a backup of a Holdfast vault without Holdfast, from one region's bucket, into files for mongorestore.

    pip install -r docs/vault-reader-requirements.txt
    python3 docs/vault-reader.py --bucket my-vault-us-west-2 --region us-west-2 list
    python3 docs/vault-reader.py --bucket my-vault-us-west-2 --region us-west-2 restore 2026/B-1123-0800 out
    python3 docs/vault-reader.py ... restore 2026/B-1123-0800 out --to "2026-11-23 14:03:20"
    mongorestore --bypassDocumentValidation out

The format is docs/vault-format.md. Credentials are found as in every AWS tool; needed are s3:ListBucket, s3:GetObject,
s3:GetObjectVersion and kms:Decrypt. Whatever is not as the manifest says, and whatever this program does not know,
ends it with a sentence and exit code 1; OUT_DIR appears only when all of it was proved. It holds in memory the oplog
from the backup's beginning to the moment asked for, the documents that were written to in it, whole capped collections,
and of a backup of changes the _ids of what changed; everything else streams.
"""

import argparse
import base64
import datetime
import decimal
import hashlib
import json
import os
import re
import struct
import sys
import tempfile
import urllib.parse
from dataclasses import dataclass, field
from typing import NamedTuple

import boto3
import zstandard
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Stop(Exception):
    """Ends the program with its sentence."""


# ---- BSON, as bytes: documents are never decoded, so every byte stays what the server sent (bsonspec.org) ----

DOUBLE, STRING, DOCUMENT, ARRAY, BINARY, UNDEFINED, OBJECT_ID, BOOLEAN, DATE, NULL = range(0x01, 0x0B)
REGEX, DB_POINTER, CODE, SYMBOL, CODE_WITH_SCOPE, INT32, TIMESTAMP, INT64, DECIMAL = range(0x0B, 0x14)
MAX_KEY, MIN_KEY = 0x7F, 0xFF
FIXED = {DOUBLE: 8, UNDEFINED: 0, OBJECT_ID: 12, BOOLEAN: 1, DATE: 8, NULL: 0, INT32: 4, TIMESTAMP: 8, INT64: 8,
         DECIMAL: 16, MAX_KEY: 0, MIN_KEY: 0}
# what a value's own length does not count
PREFIXED = {STRING: 4, CODE: 4, SYMBOL: 4, BINARY: 5, DB_POINTER: 16, DOCUMENT: 0, ARRAY: 0, CODE_WITH_SCOPE: 0}


class Value(NamedTuple):
    kind: int
    data: bytes


def int32(data, at=0):
    return struct.unpack_from("<i", data, at)[0]


def documents(data):
    """The documents of a buffer that holds one after the other."""
    at = 0
    while at < len(data):
        length = int32(data, at) if at + 5 <= len(data) else 0
        if length < 5 or at + length > len(data):
            raise Stop("a BSON document is cut short")
        yield data[at : at + length]
        at += length


def elements(document):
    """(name, value) of each element, in order, doubled names included."""
    at, end = 4, len(document) - 1
    if end < 4 or int32(document) != len(document):
        raise Stop("a BSON document has a wrong length")
    while at < end:
        kind, name_end = document[at], document.find(0, at + 1, end)
        start = name_end + 1
        if kind in FIXED:
            stop = start + FIXED[kind]
        elif kind == REGEX:
            stop = document.find(0, document.find(0, start, end) + 1, end) + 1
        elif kind in PREFIXED:
            stop = start + int32(document, start) + PREFIXED[kind] if start + 4 <= end else -1
        else:
            raise Stop(f"BSON type {kind:#x} is not known")
        if name_end < 0 or not start <= stop <= end:
            raise Stop("a BSON value is cut short")
        yield document[at + 1 : name_end].decode("latin-1"), Value(kind, document[start:stop])
        at = stop


def get(document, name):
    """The first value of that name, as the server takes it; None when there is none."""
    return next((value for found, value in elements(document) if found == name), None)


def need(document, name):
    value = get(document, name)
    if value is None:
        raise Stop(f'a field "{name}" is missing')
    return value


def build(fields):
    body = b"".join(bytes([value.kind]) + name.encode("latin-1") + b"\0" + value.data for name, value in fields)
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def without(document, *names):
    return build([(name, value) for name, value in elements(document) if name not in names])


def with_field(document, name, value):
    """The document with that field set, in its place or at the end."""
    fields = [(found, value if found == name else old) for found, old in elements(document)]
    return build(fields if any(found == name for found, _ in fields) else [*fields, (name, value)])


def text(value):
    return value.data[4:-1].decode("utf-8")


def number(value):
    form = {DOUBLE: "<d", INT32: "<i", INT64: "<q", BOOLEAN: "<?"}.get(value.kind)
    if form is None:
        raise Stop(f"BSON type {value.kind:#x} is not a number")
    return struct.unpack(form, value.data)[0]


def decimal128(data):
    low, high = struct.unpack("<QQ", data)
    sign = high >> 63
    if (high >> 58) & 0x1F == 0x1F:
        return "NaN"
    if (high >> 58) & 0x1F == 0x1E:
        return "-Infinity" if sign else "Infinity"
    large = (high >> 61) & 3 == 3  # a coefficient beyond 34 digits, which counts as zero
    exponent = ((high >> 47) if large else (high >> 49)) & 0x3FFF
    digits = 0 if large else (high & 0x1FFFFFFFFFFFF) << 64 | low
    return str(decimal.Decimal((sign, tuple(map(int, str(digits))), exponent - 6176)))


def extended_json(value):
    """Canonical Extended JSON v2, which mongorestore reads metadata in."""
    kind, data = value
    if kind == DOCUMENT:
        return "{" + ",".join(f"{json_name(name)}:{extended_json(inner)}" for name, inner in elements(data)) + "}"
    if kind == ARRAY:
        return "[" + ",".join(extended_json(inner) for _, inner in elements(data)) + "]"
    if kind == CODE_WITH_SCOPE:
        split = 8 + int32(data, 4)
        scope = extended_json(Value(DOCUMENT, data[split:]))
        return f'{{"$code":{json.dumps(text(Value(CODE, data[4:split])))},"$scope":{scope}}}'
    return json.dumps(plain_json(kind, data), separators=(",", ":"))


def json_name(name):
    return json.dumps(name.encode("latin-1").decode("utf-8"))


def plain_json(kind, data):
    if kind == BINARY:
        content = data[9:] if data[4] == 2 else data[5:]  # the old type has its length twice
        return {"$binary": {"base64": base64.b64encode(content).decode(), "subType": f"{data[4]:02x}"}}
    if kind == REGEX:
        pattern, options, _ = data.decode("utf-8").split("\0")
        return {"$regularExpression": {"pattern": pattern, "options": options}}
    if kind == DB_POINTER:
        return {"$dbPointer": {"$ref": text(Value(STRING, data[:-12])), "$id": {"$oid": data[-12:].hex()}}}
    if kind == TIMESTAMP:
        return {"$timestamp": {"t": position(data)[0], "i": position(data)[1]}}
    if kind == DOUBLE:
        double = number(Value(kind, data))
        named = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
        return {"$numberDouble": named.get(repr(double), repr(double))}
    if kind == DATE:
        return {"$date": {"$numberLong": str(number(Value(INT64, data)))}}
    if kind in (STRING, CODE, SYMBOL):
        words = text(Value(kind, data))
        return {STRING: words, CODE: {"$code": words}, SYMBOL: {"$symbol": words}}[kind]
    if kind in (INT32, INT64):
        return {"$numberInt" if kind == INT32 else "$numberLong": str(number(Value(kind, data)))}
    if kind in (OBJECT_ID, DECIMAL):
        return {"$oid": data.hex()} if kind == OBJECT_ID else {"$numberDecimal": decimal128(data)}
    return {BOOLEAN: data == b"\1", NULL: None, UNDEFINED: {"$undefined": True}, MIN_KEY: {"$minKey": 1},
            MAX_KEY: {"$maxKey": 1}}[kind]


# ---- updates: the server's `$v: 2` diffs ----


def apply_diff(document, diff):
    """Sections `d` remove, `u` change or append, `i` append at the end, `s<field>` go inside a document or array."""
    removed, changed, appended, inside = set(), {}, {}, {}
    for section, value in elements(diff):
        if section == "d":
            removed |= {name for name, _ in elements(value.data)}
        elif section in ("u", "i"):
            (changed if section == "u" else appended).update(elements(value.data))
        elif section.startswith("s"):
            inside[section[1:]] = value.data
        else:
            raise Stop(f'an update has a section "{section}" that is not known')
    fields = []
    for name, value in elements(document):
        if name in removed or name in appended:
            continue
        if name in inside:
            value = apply_inside(value, inside[name])
        fields.append((name, changed.pop(name, value)))
    return build([*fields, *changed.items(), *appended.items()])


def apply_inside(value, diff):
    """A value of another type is already newer than the diff: a later diff of the window settles it."""
    is_array = get(diff, "a") is not None
    if value.kind == ARRAY and is_array:
        return Value(ARRAY, apply_to_array(value.data, diff))
    return Value(DOCUMENT, apply_diff(value.data, diff)) if value.kind == DOCUMENT and not is_array else value


def apply_to_array(array, diff):
    """`l` is the new length, `u<index>` a new value, `s<index>` a diff of what is there; gaps become null."""
    values, null = [value for _, value in elements(array)], Value(NULL, b"")
    resized = get(diff, "l")
    if resized is not None:
        length = int(number(resized))
        values = values[:length] + [null] * (length - len(values))
    for section, value in elements(diff):
        if section in ("a", "l"):
            continue
        if section[:1] not in ("u", "s") or not section[1:].isdigit():
            raise Stop(f'an update of an array has a section "{section}" that is not known')
        index = int(section[1:])
        values += [null] * (index + 1 - len(values))
        values[index] = value if section[0] == "u" else apply_inside(values[index], value.data)
    return build([(str(index), value) for index, value in enumerate(values)])


# ---- the vault: one bucket, every object proved before it is used ----


class Bucket:
    """One region's bucket, and the key services of whichever regions are in reach."""

    def __init__(self, bucket, region, endpoint):
        self.bucket, self.region, self.endpoint = bucket, region, endpoint
        self.s3 = self.client("s3", region)

    def client(self, service, region):
        # names of buckets do not resolve at a stand-in's address
        config = Config(connect_timeout=5, read_timeout=60, retries={"mode": "standard", "max_attempts": 3},
                        s3={"addressing_style": "path"} if self.endpoint else None)
        return boto3.client(service, region_name=region, endpoint_url=self.endpoint, config=config)

    def keys(self, prefix):
        try:
            pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
            return [found["Key"] for page in pages for found in page.get("Contents", [])]
        except (BotoCoreError, ClientError) as error:
            raise Stop(f"{prefix} can't be listed in {self.bucket}: {error}") from error

    def get(self, key, version=None):
        try:
            more = {"VersionId": version} if version else {}
            return self.s3.get_object(Bucket=self.bucket, Key=key, **more)["Body"].read()
        except (BotoCoreError, ClientError) as error:
            named = f" (version {version})" if version else ""
            raise Stop(f"{key}{named} can't be read from {self.bucket}: {error}") from error

    def data_keys(self, name, problems):
        """Every key that a wrap of that name opens to: this region's wraps first, newest generation first."""
        # by the name the manifest has, not by what the file says: a swapped file does not open
        context = {"purpose": "holdfast-vault data key", "key": name}
        for key in sorted(self.keys(f"keys/{name}/"), reverse=True):
            try:
                wraps = {wrap["region"]: wrap["wrapped"] for wrap in json_of(self.get(key), key)["wraps"]}
            except (KeyError, TypeError, Stop) as error:
                problems.append(f"{key} can't be used: {error}")
                continue
            for region in sorted(wraps, key=lambda region: region != self.region):
                try:
                    blob = base64.b64decode(wraps[region])
                    answer = self.client("kms", region).decrypt(CiphertextBlob=blob, EncryptionContext=context)
                except (BotoCoreError, ClientError, ValueError) as error:
                    problems.append(f"{key}: the wrap of {region} does not open: {error}")
                    continue
                yield answer["Plaintext"]
                problems.append(f"{key}: the wrap of {region} opens, but holds another key")


def json_of(data, key):
    try:
        return json.loads(data)
    except ValueError as error:
        raise Stop(f"{key} is not JSON: {error}") from error


def header_of(file, key):
    """A manifest's header and what stands before its nonce. Proved only once the body decrypts."""
    end = 8 + int.from_bytes(file[4:8], "little")
    if file[:4] != b"HFM1" or end > len(file):
        raise Stop(f"{key} is not a manifest, or is cut short")
    header = json_of(file[8:end], key)
    if not isinstance(header, dict) or not {"format", "version", "year", "backup", "key"} <= header.keys():
        raise Stop(f"{key} has a header that is not one")
    if (header["format"], header["version"]) != ("holdfast-vault", 1):
        raise Stop(f"{key} has format {header['format']} {header['version']}; this reads holdfast-vault 1")
    return header, file[:end]


def decompress(data, most):
    """A frame need not say how long its content is, so the most it may be is said here."""
    with zstandard.ZstdDecompressor().stream_reader(data) as reader:
        plain = reader.read(most + 1)
    if len(plain) > most:
        raise Stop("it is longer than it may be")
    return plain


class Backup:
    """A backup whose manifest is proved."""

    def __init__(self, bucket, place):
        self.bucket, self.place = bucket, place
        key = f"manifests/{place}"
        file = bucket.get(key)
        self.header, front = header_of(file, key)
        if f"{self.header['year']}/{self.header['backup']}" != place:
            raise Stop(f"{key} is the manifest of another backup, {self.header['year']}/{self.header['backup']}")
        problems = []
        for candidate in bucket.data_keys(self.header["key"], problems):
            try:
                sealed = file[len(front) :]
                body = AESGCM(candidate).decrypt(sealed[:12], sealed[12:], front)
            except (InvalidTag, ValueError):
                continue
            self.cipher = AESGCM(candidate)
            self.body = json_of(decompress(body, 256 * 1024 * 1024), key)
            return
        reasons = "; ".join(problems) or f"there is nothing under keys/{self.header['key']}/"
        raise Stop(f"{key} does not decrypt: it was changed, or no wrap gives its key ({reasons})")

    def segments(self, kind):
        chosen = [segment for segment in self.body["segments"] if segment["kind"] == kind]
        return sorted(chosen, key=lambda segment: segment["index"])

    def read(self, segment):
        """A segment's content: of the version the manifest names, else of the current one, a copy healed later."""
        named = segment["copies"].get(self.bucket.region)
        try:
            return self.prove(segment, named)
        except Stop as first:
            try:
                return self.prove(segment, None)
            except Stop:
                raise first from None

    def prove(self, segment, version):
        key = segment["key"]
        file = self.bucket.get(key, version)
        if hashlib.sha256(file).hexdigest() != segment["sha256"]:
            raise Stop(f"{key} in {self.bucket.bucket} has other bytes than the manifest says (SHA-256)")
        context = f"holdfast-vault/1|{self.place}|{segment['kind']}|{segment['index']}"
        try:
            if file[:4] != b"HFS1":
                raise Stop("it does not begin with HFS1")
            plain = decompress(self.cipher.decrypt(file[4:16], file[16:], context.encode()), segment["plainBytes"])
            if len(plain) != segment["plainBytes"]:
                raise Stop("its content is shorter than the manifest says")
            return plain
        except (InvalidTag, ValueError, zstandard.ZstdError, Stop) as error:
            raise Stop(f"{key} is not what the manifest says: {error or 'it does not decrypt'}") from error

    def oplog(self):
        for segment in self.segments("oplog"):
            read = 0
            for read, entry in enumerate(documents(self.read(segment)), 1):
                yield entry
            if read != segment["entries"]:
                raise Stop(f"{segment['key']} has {read} entries instead of {segment['entries']}")

    def blocks(self, numbers):
        """(collection number, documents one after the other) of the segments that hold one of these numbers."""
        for segment in self.segments("documents"):
            if not any(content["collection"] in numbers for content in segment["contents"]):
                continue
            plain, at = self.read(segment), 0
            while at < len(plain):
                collection, length = (int.from_bytes(plain[at + skip : at + skip + 4], "little") for skip in (0, 4))
                at += 8 + length
                if at > len(plain):
                    raise Stop(f"{segment['key']} has a block that is cut short")
                yield collection, plain[at - length : at]


# ---- what was captured after a backup: segments, and archives made of them ----


class Range(NamedTuple):
    timeline: int
    start: tuple
    through: tuple
    token: int
    rank: tuple
    key: str


def oplog_time(hexadecimal):
    return int(hexadecimal[:8], 16), int(hexadecimal[8:], 16)


class Captured:
    """The timeline that goes on from a backup and has all of a second."""

    NAME = re.compile(r"(capture|archive)/(\d+)/[^/]+/([0-9a-f]{16})-([0-9a-f]{16})-(\d+)(?:-more|-last)?")

    def __init__(self, bucket, end, before):
        self.bucket, self.end, self.before = bucket, end, before
        self.ciphers, self.opened = {}, {}
        timelines = {}
        for key in bucket.keys("archive/") + bucket.keys("capture/"):
            found = self.NAME.fullmatch(key)
            if found:
                number, start, through = int(found[2]), oplog_time(found[3]), oplog_time(found[4])
                token = int(found[5])
                # an archive before what it was made of, then whoever had the lease later
                rank = found[1] == "archive", token, through
                timelines.setdefault(number, []).append(Range(number, start, through, token, rank, key))
        for number in sorted(timelines, reverse=True):
            rest = timelines[number]
            while rest:
                chain = self.join(rest)
                last = chain[-1]
                if chain[0].start <= end <= last.through and before <= last.through:
                    self.chain = [found for found in chain if found.start < before]
                    return
                # what lies behind a hole is a part of its own; what an earlier lease wrote past the end is none
                rest = [found for found in rest if found.start > last.through and found.token >= last.token]
        raise Stop("No timeline goes on from this backup and has all of that second.")

    @staticmethod
    def join(ranges):
        starting = {}
        for found in ranges:
            starting.setdefault(found.start, []).append(found)
        chain, following = [], starting[min(starting)]
        while following:
            last = max(following, key=lambda found: found.rank)
            chain.append(last)
            # once a later lease wrote, an earlier one no longer counts
            following = [found for found in starting.get(last.through, [])
                         if found.through > last.through and found.token >= last.token]
        return chain

    def open(self, found):
        """(header, entries, hash of the object), everything in it authenticated, and proved to be what its name says."""
        file = self.bucket.get(found.key)
        end = 8 + int.from_bytes(file[4:8], "little")
        if file[:4] != b"HFC1" or end > len(file):
            raise Stop(f"{found.key} is no captured segment, or is cut short")
        header = json_of(file[8:end], found.key)
        if (header.get("format"), header.get("version")) != ("holdfast-vault", 1):
            raise Stop(f"{found.key} has another format than holdfast-vault 1")
        told = header["timeline"], *((header[name]["seconds"], header[name]["increment"]) for name in ("from", "through"))
        if told != (found.timeline, found.start, found.through):
            raise Stop(f"{found.key} is another segment than its name says")
        plain = self.decrypt(header["key"], file, end, header["plainBytes"])
        if plain is None:
            raise Stop(f"{found.key} does not decrypt: it was changed, or no wrap gives its key")
        return header, plain, hashlib.sha256(file).hexdigest()

    def decrypt(self, name, file, end, length):
        known = [self.ciphers[name]] if name in self.ciphers else map(AESGCM, self.bucket.data_keys(name, []))
        for cipher in known:
            try:
                plain = decompress(cipher.decrypt(file[end : end + 12], file[end + 12 :], file[:end]), length)
            except (InvalidTag, ValueError, zstandard.ZstdError):
                continue
            self.ciphers[name] = cipher
            return plain if len(plain) == length else None
        return None

    def entries(self):
        """Those after the backup's end and before the moment. Earlier parts of a transaction stand before what goes on."""
        seen, held, previous = None, [], None
        for found in self.chain:
            if found.through <= self.end:
                continue
            header, plain, digest = self.open(found)
            if previous is not None and header["previous"] != previous:
                raise Stop(f"{found.key} does not follow what was captured before it")
            previous = header.get("last", digest)
            seen = found.start if seen is None else seen
            for entry in documents(plain):
                at = position(need(entry, "ts").data)
                if at <= seen:
                    held.append(entry)
                    continue
                seen = at
                if at >= self.before:
                    return
                if at > self.end:
                    yield from held
                    yield from self.earlier_parts(entry)
                    yield entry
                held = []

    def earlier_parts(self, entry):
        parts = []
        while need(entry, "op").data[4:-1] == b"c" and continues(entry) and get(entry, "multiOpType") is None:
            command = next((name for name, _ in elements(need(entry, "o").data)), "")
            at = position(need(need(entry, "prevOpTime").data, "ts").data)
            entry = self.entry_at(at) if command in ("applyOps", "commitTransaction") and at <= self.end else None
            # the backup itself has what the timeline does not
            if entry is None:
                break
            parts.insert(0, entry)
        return parts

    def entry_at(self, at):
        found = next((found for found in self.chain if found.start < at <= found.through), None)
        if found is None:
            return None
        _, plain, _ = self.open(found)
        return next((entry for entry in documents(plain) if position(need(entry, "ts").data) == at), None)


# ---- the oplog: what happened in the window, in the order in which it took effect ----


class Operation(NamedTuple):
    at: tuple
    kind: str
    namespace: str
    uuid: bytes
    body: bytes
    about: bytes


def position(data):
    """A timestamp's bytes as (seconds, increment)."""
    return struct.unpack("<II", data)[::-1]


def stop_at(operation, why):
    seconds, increment = operation.at
    return Stop(f"The oplog can't be replayed at {seconds}:{increment}, {operation.namespace}: {why}")


def operation_of(document, at):
    fields = dict(reversed(list(elements(document))))
    if not {"op", "ns", "o"} <= fields.keys():
        raise Stop(f"the entry of the oplog at {at[0]}:{at[1]} has no op, ns or o")
    uuid, about = fields.get("ui"), fields.get("o2")
    return Operation(at, text(fields["op"]), text(fields["ns"]), uuid.data[5:] if uuid else b"", fields["o"].data,
                     about.data if about else b"")


def command_of(operation):
    return next((name for name, _ in elements(operation.body)), "") if operation.kind == "c" else ""


def is_set(document, name):
    value = get(document, name)
    return value is not None and number(value) != 0


def effective(entries):
    """Operations in the order in which they took effect: those of a transaction when it commits, or never."""
    waiting = {}
    for entry in entries:
        operation = operation_of(entry, position(need(entry, "ts").data))
        command = command_of(operation)
        transaction = (get(entry, "lsid"), get(entry, "txnNumber"))
        if command == "commitTransaction":
            if transaction not in waiting:
                raise stop_at(operation, "a transaction commits of which nothing was kept")
            yield from waiting.pop(transaction)[0]
        elif command == "abortTransaction":
            waiting.pop(transaction, None)
        elif command == "applyOps":
            inner = [operation_of(value.data, operation.at)
                     for _, value in elements(need(operation.body, "applyOps").data)]
            # a batch of retryable writes has a session too, but each of them stands for itself
            if None in transaction or is_set(entry, "multiOpType"):
                yield from inner
                continue
            if transaction not in waiting and continues(entry):
                raise stop_at(operation, "the first part of a transaction is missing")
            parts, last = waiting.get(transaction, ([], (0, 0)))
            # a part may come twice: whoever captured it completed the transaction when it began to read
            if operation.at <= last:
                continue
            waiting[transaction] = parts + inner, operation.at
            if not is_set(operation.body, "partialTxn") and not is_set(operation.body, "prepare"):
                yield from waiting.pop(transaction)[0]
        else:
            yield operation


def continues(entry):
    before = get(entry, "prevOpTime")
    return before is not None and position(need(before.data, "ts").data) != (0, 0)


# ---- the catalog: what collections there are at the end of the window, by UUID ----

# below the documents, and made again by writing them
IGNORED_OPERATIONS = ("n", "ci", "cd", "cu", "km")
# an index counts from its commit
IGNORED_COMMANDS = ("startIndexBuild", "abortIndexBuild", "setMultikeyMetadata", "dropIdent", "createIdent")
# what collMod may change, and the name it has among the options
COLLECTION_CHANGES = {name: name for name in (
    "validator", "validationLevel", "validationAction", "expireAfterSeconds", "changeStreamPreAndPostImages",
    "recordPreImages")} | {"cappedSize": "size", "cappedMax": "max"}
INDEX_CHANGES = ("expireAfterSeconds", "hidden", "unique", "prepareUnique")


@dataclass
class Collection:
    database: str
    name: str
    options: bytes
    indexes: dict
    number: int = -1  # -1: created in the window, all of it is in the oplog
    writes: list = field(default_factory=list)
    touched: set = field(default_factory=set)
    settled: set = field(default_factory=set)  # what a newer backup of the chain has, or says is gone
    held: dict = field(default_factory=dict)


class Catalog:
    """Every change is safe to fold twice: the catalog was read after the window began, and may have it already."""

    def __init__(self, body):
        self.scope = body["scope"]
        self.collections = {bytes.fromhex(record["uuid"].replace("-", "")): collection_of(record)
                            for record in body["collections"]}
        self.views = {f"{view['database']}.{view['name']}": base64.b64decode(view["definition"])
                      for view in body["views"]}
        self.unknown = {}

    def in_scope(self, namespace):
        database, _, name = namespace.partition(".")
        include, exclude = self.scope["include"], self.scope["exclude"]
        if database in ("admin", "config", "local", "") or database in exclude:
            return False
        if include != "all" and database not in include:
            return False
        return name != "system.profile" and not name.startswith("__hf_")

    def fold(self, operation):
        if not self.in_scope(operation.namespace) or operation.kind in IGNORED_OPERATIONS:
            return
        if operation.kind == "c":
            self.command(operation, command_of(operation))
        elif operation.kind not in ("i", "u", "d"):
            raise stop_at(operation, f'the operation "{operation.kind}" is not known')
        elif operation.namespace.endswith(".system.views"):
            self.view(operation)
        elif operation.uuid in self.collections:
            self.collections[operation.uuid].writes.append(operation)
        else:
            # dropped soon after, or the backup lacks a collection: the end of the oplog tells
            self.unknown[operation.uuid] = operation

    def finish(self):
        for operation in self.unknown.values():
            raise stop_at(operation, "it writes to a collection that the backup does not have")
        # copies that a restore of Holdfast makes, or puts aside: their commands are in the oplog, their writes are not
        self.collections = {uuid: found for uuid, found in self.collections.items()
                            if self.in_scope(f"{found.database}.{found.name}")}

    def view(self, operation):
        namespace = text(need(operation.about or operation.body, "_id"))
        after = changed(operation, self.views.get(namespace))
        if after is None:
            self.views.pop(namespace, None)
        else:
            self.views[namespace] = after

    def command(self, operation, name):
        collection = self.collections.get(operation.uuid)
        if name in IGNORED_COMMANDS:
            return
        if name == "create":
            self.create(operation)
        elif name == "drop":
            self.drop(operation.uuid)
        elif name == "dropDatabase":
            self.drop_database(operation.namespace.partition(".")[0])
        elif name == "renameCollection":
            self.rename(operation, collection)
        elif name in ("createIndexes", "commitIndexBuild", "dropIndexes", "collMod"):
            # one that is not there was dropped before the catalog was read
            if collection:
                change_collection(collection, operation, name)
        else:
            raise stop_at(operation, f'the command "{name}" is not known')

    def create(self, operation):
        name = text(need(operation.body, "create"))
        if operation.uuid in self.collections or name == "system.views":
            return
        self.unknown.pop(operation.uuid, None)
        id_index = get(operation.body, "idIndex")
        self.collections[operation.uuid] = Collection(
            database=operation.namespace.partition(".")[0],
            name=name,
            options=without(operation.body, "create", "idIndex", "recordIdsReplicated"),
            indexes={"_id_": id_index.data} if id_index else {},
        )

    def drop(self, uuid):
        self.collections.pop(uuid, None)
        self.unknown.pop(uuid, None)

    def drop_database(self, database):
        for uuid in [uuid for uuid, found in self.collections.items() if found.database == database]:
            self.drop(uuid)
        self.views = {name: view for name, view in self.views.items() if name.partition(".")[0] != database}

    def rename(self, operation, collection):
        dropped = get(operation.body, "dropTarget")
        if dropped and dropped.kind == BINARY:
            self.drop(dropped.data[5:])
        if collection:
            collection.database, _, collection.name = text(need(operation.body, "to")).partition(".")


def collection_of(record):
    indexes = [base64.b64decode(spec) for spec in record["indexes"]]
    return Collection(record["database"], record["name"], base64.b64decode(record["options"]),
                      {text(need(spec, "name")): spec for spec in indexes}, record["number"])


def change_collection(collection, operation, name):
    body, indexes = operation.body, collection.indexes
    if name == "createIndexes":
        indexes[text(need(body, "name"))] = without(body, "createIndexes")
    elif name == "commitIndexBuild":
        for _, spec in elements(need(body, "indexes").data):
            indexes[text(need(spec.data, "name"))] = spec.data
    elif name == "dropIndexes":
        indexes.pop(text(need(body, "index")), None)
    else:
        for option, value in list(elements(body))[1:]:
            if option == "index":
                change_index(indexes, operation, value.data)
            elif option in COLLECTION_CHANGES:
                collection.options = with_field(collection.options, COLLECTION_CHANGES[option], value)
                if option.startswith("validat"):
                    collection.options = validation_written_out(collection.options)
            elif option != "comment":
                raise stop_at(operation, f'collMod of "{option}" is not known')


def validation_written_out(options):
    """With any change of the three the server writes the others out too, and drops an empty validator."""
    if get(options, "validator") == Value(DOCUMENT, b"\x05\x00\x00\x00\x00"):
        options = without(options, "validator")
    for name, usual in (("validationLevel", b"strict"), ("validationAction", b"error")):
        if get(options, name) is None:
            options = with_field(options, name, Value(STRING, struct.pack("<i", len(usual) + 1) + usual + b"\0"))
    return options


def change_index(indexes, operation, change):
    name = text(need(change, "name"))
    for option, value in elements(change):
        if option in ("name", "keyPattern") or name not in indexes:
            continue
        if option not in INDEX_CHANGES:
            raise stop_at(operation, f'collMod of "{option}" of an index is not known')
        is_off = value.kind == BOOLEAN and not number(value)
        spec = without(indexes[name], option) if is_off else with_field(indexes[name], option, value)
        indexes[name] = without(spec, "prepareUnique") if option == "unique" else spec


# ---- the documents: as they were read, then the writes of the window ----


def changed(operation, before):
    """The document after a write; None when there is none."""
    if operation.kind != "u":
        return operation.body if operation.kind == "i" else None
    version, diff = get(operation.body, "$v"), get(operation.body, "diff")
    if version is None:
        return operation.body
    if diff is None or number(version) != 2:
        raise stop_at(operation, "its updates have the form of a server older than 5.0")
    try:
        return None if before is None else apply_diff(before, diff.data)
    except Stop as why:
        raise stop_at(operation, why) from why


def key_of(value):
    """What makes an `_id` the same one to the server, to which 1 and 1.0 are: a replacement may change the type."""
    if value.kind in (DOCUMENT, ARRAY):
        return (value.kind, *((name, key_of(inner)) for name, inner in elements(value.data)))
    if value.kind == DECIMAL:
        found = decimal.Decimal(decimal128(value.data))
    elif value.kind in (DOUBLE, INT32, INT64):
        found = number(value)
    else:
        return value
    return found if found == found else "NaN"


def id_of(operation):
    holder = operation.about if operation.kind == "u" and operation.about else operation.body
    try:
        return key_of(need(holder, "_id"))
    except Stop as why:
        raise stop_at(operation, why) from why


def replay(collection):
    """What is new goes to the end, which is where a capped collection has it."""
    for operation in collection.writes:
        key = id_of(operation)
        after = changed(operation, collection.held.get(key))
        if after is None:
            collection.held.pop(key, None)
        else:
            collection.held[key] = after


class Tally:
    """What was read of a collection: it must be what the manifest says."""

    def __init__(self, record, counted, with_hash):
        self.record, self.counted, self.with_hash = record, counted, with_hash
        self.documents, self.bytes, self.words = 0, 0, [0, 0, 0, 0]

    def add(self, document):
        self.documents += 1
        self.bytes += len(document)
        if self.with_hash:
            self.words = [(a + b) & MASK for a, b in zip(self.words, murmur128(document))]

    def check(self):
        record, counted = self.record, self.counted
        right = (self.documents, self.bytes) == (counted["documents"], counted.get("bytes", self.bytes))
        if self.with_hash and right:
            right = "".join(f"{word:08x}" for word in self.words) == counted["hash"]
        if not right:
            raise Stop(f"{record['database']}.{record['name']}: the segments do not hold the documents that the "
                       "manifest counts")


MASK = 0xFFFFFFFF
C = (0x239B961B, 0xAB0E9789, 0x38B34AE5, 0xA1E38B93)


def rotate(word, by):
    return (word << by | word >> (32 - by)) & MASK


def murmur128(data):
    """MurmurHash3_x86_128, seed 0, as its four words."""
    lanes = ((15, 19, 0x561CCD1B), (16, 17, 0x0BCAA747), (17, 15, 0x96CD1C35), (18, 13, 0x32AC3B17))
    h, whole = [0, 0, 0, 0], len(data) // 16 * 16
    for block in struct.iter_unpack("<4I", data[:whole]):
        for lane, (turn, spin, plus) in enumerate(lanes):
            k = rotate(block[lane] * C[lane] & MASK, turn) * C[(lane + 1) % 4] & MASK
            h[lane] = ((rotate(h[lane] ^ k, spin) + h[(lane + 1) % 4]) * 5 + plus) & MASK
    for lane, rest in enumerate(struct.unpack("<4I", data[whole:].ljust(16, b"\0"))):
        h[lane] ^= rotate(rest * C[lane] & MASK, lanes[lane][0]) * C[(lane + 1) % 4] & MASK
    return join(mix(word) for word in join(word ^ len(data) for word in h))


def join(words):
    first, *others = words
    first = (first + sum(others)) & MASK
    return [first, *((word + first) & MASK for word in others)]


def mix(word):
    word = (word ^ word >> 16) * 0x85EBCA6B & MASK
    word = (word ^ word >> 13) * 0xC2B2AE35 & MASK
    return word ^ word >> 16


# ---- files as mongodump writes them ----


def path_of(folder, database, name):
    escaped = urllib.parse.quote(name, safe="$&+=@~")
    if len(escaped) > 238:
        digest = base64.urlsafe_b64encode(hashlib.sha1(name.encode()).digest()).decode().rstrip("=")
        escaped = f"{escaped[:208]}%24{digest}"
    if database in ("", ".", "..") or os.path.basename(database) != database:
        raise Stop(f'"{database}" can\'t be the name of a folder')
    return os.path.join(folder, database, escaped)


def write_metadata(path, options, indexes, name, kind, uuid):
    parts = ['"options":' + extended_json(Value(DOCUMENT, options)),
             '"indexes":[' + ",".join(extended_json(Value(DOCUMENT, spec)) for spec in indexes) + "]",
             *([f'"uuid":"{uuid.hex()}"'] if uuid else []),
             f'"collectionName":{json.dumps(name)}', f'"type":"{kind}"']
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".metadata.json", "x", encoding="utf-8") as file:
        file.write("{" + ",".join(parts) + "}")


def choose(catalog, only, skip):
    """The collections (by UUID) and views to write. What can't be written must be left out by name."""
    collections = {uuid: (f"{found.database}.{found.name}", found) for uuid, found in catalog.collections.items()}
    series = {name for name, view in catalog.views.items()
              if text(need(view, "viewOn")).startswith("system.buckets.")}
    there = {name for name, _ in collections.values()} | catalog.views.keys()
    for name in [*only, *skip]:
        if name not in there:
            raise Stop(f"The backup has no collection {name}")
    wanted = (set(only) or there) - set(skip) - series
    for name in sorted(wanted):
        if name.partition(".")[2].startswith("system.buckets."):
            raise Stop(f"{name} is a time-series collection, which this reader can't write: --skip {name}")
    return ({uuid: found for uuid, (name, found) in collections.items() if name in wanted},
            {name: view for name, view in catalog.views.items() if name in wanted})


def moment_of(typed):
    """The end of that second, as a time of the oplog."""
    try:
        second = datetime.datetime.strptime(typed, "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    except ValueError as error:
        raise Stop(f'"{typed}" is no time like 2026-11-23 14:03:20 (UTC)') from error
    return int(second.timestamp()) + 1, 0


def entries_until(backup, moment):
    yield from backup.oplog()
    if moment is not None:
        end = backup.header["window"]["end"]
        yield from Captured(backup.bucket, (end["seconds"], end["increment"]), moment).entries()


def chain_of(backup):
    """The backup and what it stands on: itself first, the full one last."""
    chain = [backup]
    while chain[-1].header.get("parent"):
        child, parent = chain[-1], chain[-1].header["parent"]
        chain.append(Backup(backup.bucket, f"{parent['year']}/{parent['backup']}"))
        end, start = chain[-1].header["window"]["end"], child.header["window"]["start"]
        if (end["seconds"], end["increment"]) > (start["seconds"], start["increment"]):
            raise Stop(f"{chain[-1].place} was not complete when {child.place} was taken, which stands on it")
    return chain


def restore(backup, folder, only, skip, with_hash, moment):
    chain = chain_of(backup)
    catalog = Catalog(backup.body)
    for operation in effective(entries_until(backup, moment)):
        catalog.fold(operation)
    catalog.finish()
    collections, views = choose(catalog, only, skip)
    for uuid, collection in collections.items():
        path = path_of(folder, collection.database, collection.name)
        write_metadata(path, collection.options, collection.indexes.values(), collection.name, "collection", uuid)
        open(path + ".bson", "xb").close()
    write_documents(chain, folder, collections, with_hash)
    for name, view in views.items():
        database, _, view_name = name.partition(".")
        write_metadata(path_of(folder, database, view_name), without(view, "_id"), [], view_name, "view", None)


def write_documents(chain, folder, collections, with_hash):
    for collection in collections.values():
        collection.touched = {id_of(operation) for operation in collection.writes}
    # what was made in the window has nothing but its writes
    wanted = {uuid: found for uuid, found in collections.items() if found.number >= 0}
    for backup in chain:
        wanted = write_layer(backup, folder, wanted, with_hash)
    if wanted:
        raise Stop(f"{chain[-1].place} has only what changed, and stands on nothing")
    for collection in collections.values():
        replay(collection)
        with open(path_of(folder, collection.database, collection.name) + ".bson", "ab") as file:
            file.writelines(collection.held.values())
        collection.held.clear()
        collection.settled.clear()


def write_layer(backup, folder, wanted, with_hash):
    """Writes what this backup of a chain has; returns the collections of which older ones have more."""
    records = {bytes.fromhex(record["uuid"].replace("-", "")): record for record in backup.body["collections"]}
    parts, older, gone_keys = {}, {}, []
    for uuid, collection in wanted.items():
        record = records.get(uuid)
        if record is None:
            raise Stop(f"{backup.place} lacks {collection.database}.{collection.name}, of which others have changes")
        gone = record.get("gone")
        parts[record["number"]] = collection, Tally(record, record, with_hash), gone is not None
        if gone:
            keys = set()
            gone_keys.append((collection, keys))
            parts[gone["number"]] = keys, Tally(record, gone, with_hash), None
            older[uuid] = collection
    for number, block in backup.blocks(parts.keys()):
        # a number nobody has was read in vain
        if number not in parts:
            continue
        part, tally, partly = parts[number]
        if partly is None:
            for document in documents(block):
                tally.add(document)
                part.add(key_of(need(document, "_id")))
        else:
            write_block(folder, part, block, tally, partly)
    for _, tally, _ in parts.values():
        tally.check()
    for collection, keys in gone_keys:
        collection.settled |= keys
    return older


def write_block(folder, collection, block, tally, partly):
    keeps_order = get(collection.options, "capped") is not None
    keyed = keeps_order or partly or collection.touched or collection.settled
    with open(path_of(folder, collection.database, collection.name) + ".bson", "ab") as file:
        for document in documents(block):
            tally.add(document)
            key = key_of(need(document, "_id")) if keyed else None
            if key is not None and key in collection.settled:
                continue
            if partly:
                collection.settled.add(key)
            if keeps_order or key in collection.touched:
                collection.held[key] = document
            else:
                file.write(document)


def stands_on(header):
    parent = header.get("parent")
    return f"{parent['year']}/{parent['backup']}" if parent else "-"


def show(bucket):
    """One line each, and exit code 1 if there is one that can't be read."""
    print("backup            documents        bytes  finished                  stands on         copies in")
    code = 0
    for key in bucket.keys("manifests/"):
        try:
            header, _ = header_of(bucket.get(key), key)
        except Stop as stop:
            print(stop, file=sys.stderr)
            code = 1
            continue
        print(f"{key.removeprefix('manifests/'):16} {header['documents']:10} {header['bytes']:12}  "
              f"{header['finishedAt']:24}  {stands_on(header):16}  {', '.join(header['regions'])}")
    return code


def arguments():
    parser = argparse.ArgumentParser(description="Restores a backup of a Holdfast vault without Holdfast.")
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--region", required=True, help="the bucket's; its key is tried first")
    parser.add_argument("--endpoint", help="of another S3 and KMS than AWS")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the backups there are, by headers that nothing proves yet")
    one = commands.add_parser("restore", help="write one backup for mongorestore")
    one.add_argument("place", metavar="YEAR/ID")
    one.add_argument("folder", metavar="OUT_DIR", help="must not exist")
    one.add_argument("--to", metavar="TIME", help="a second after the backup, in UTC: 2026-11-23 14:03:20")
    one.add_argument("--only", action="append", default=[], metavar="DB.COLLECTION")
    one.add_argument("--skip", action="append", default=[], metavar="DB.COLLECTION")
    one.add_argument("--hash", action="store_true", help="also compute every collection's hash, at some 2 MB a second")
    return parser.parse_args()


def main():
    options = arguments()
    try:
        bucket = Bucket(options.bucket, options.region, options.endpoint)
        if options.command == "list":
            return show(bucket)
        if os.path.exists(options.folder):
            raise Stop(f"{options.folder} is there already")
        backup = Backup(bucket, options.place)
        # on the same file system, so that the folder appears at once, and whole
        beside = os.path.dirname(os.path.abspath(options.folder))
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=beside) as unproved:
            folder = os.path.join(unproved, "out")
            os.mkdir(folder)
            moment = moment_of(options.to) if options.to else None
            restore(backup, folder, options.only, options.skip, options.hash, moment)
            os.rename(folder, options.folder)
        print(f"{options.place} is in {options.folder}")
        return 0
    # a full disk, and a name that is not UTF-8, say themselves what they are
    except (Stop, OSError, UnicodeError) as stop:
        print(stop, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
