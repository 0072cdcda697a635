"""moto.server that checks uploads and locks and keeps what it holds: reads the file named first at start, writes it at SIGTERM.
With "-" for the file it keeps nothing.

moto itself is all in memory; without this, Ctrl-C of the sandbox would lose every backup while the databases stay.
Object versions, locks and keys come back as they were, version ids included (manifests point at them).
"""

import os
import pickle
import signal
import sys

from cryptography.hazmat.primitives import serialization
from moto import server
from moto.backends import get_backend

from moto_checks import checked
from moto_locks import refuse_as_s3_does

SERVICES = ("s3", "kms", "route53", "secretsmanager", "logs")


def private_key(der: bytes) -> object:
    return serialization.load_der_private_key(der, None)


class Keeper(pickle.Pickler):
    """Pickles KMS keys as DER; the objects of the cryptography library can't be pickled themselves."""

    def reducer_override(self, thing: object) -> object:
        if not hasattr(thing, "private_bytes"):
            return NotImplemented
        der = thing.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return private_key, (der,)


def load(path: str) -> None:
    if not os.path.exists(path):
        return
    with open(path, "rb") as file:
        held, bucket_accounts = pickle.load(file)
    # bucket names are one namespace over all accounts, and moto finds a bucket by this map first
    get_backend("s3").bucket_accounts.update(bucket_accounts)
    for service, accounts in held.items():
        for account, regions in accounts.items():
            for region, state in regions.items():
                get_backend(service)[account][region].__dict__.update(state)


def save(path: str) -> None:
    held = {
        service: {
            account: {region: backend.__dict__ for region, backend in regions.items()}
            for account, regions in get_backend(service).items()
        }
        for service in SERVICES
    }
    # beside first: a kill in the middle must leave the older state whole
    with open(path + ".stage", "wb") as file:
        Keeper(file, pickle.HIGHEST_PROTOCOL).dump((held, get_backend("s3").bucket_accounts))
    os.replace(path + ".stage", path)


def end(_signal: int, _frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(0)


if __name__ == "__main__":
    kept_in, arguments = sys.argv[1], sys.argv[2:]
    if kept_in != "-":
        load(kept_in)
    refuse_as_s3_does()
    if "HOLDFAST_MOTO_TRUSTS_UPLOADS" not in os.environ:
        dispatcher = server.DomainDispatcherApplication
        # moto sets attributes on what this returns, and a function takes them
        server.DomainDispatcherApplication = lambda *given: checked(dispatcher(*given))
    # moto installs its own handler for SIGTERM when it starts to serve; it ends the same way
    signal.signal(signal.SIGTERM, end)
    try:
        server.main(arguments)
    finally:
        if kept_in != "-":
            save(kept_in)
