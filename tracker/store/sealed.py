"""Personal columns: AES-256-GCM with the place as associated data, and a blind index by HMAC with a key of its own."""

import base64
import hmac
import os
import secrets
from contextlib import suppress
from hashlib import scrypt, sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tracker.core.errors import StoreError

_VERSION = b"\x01"
_NONCE = 12
_KEY_ID = 4
_SHORTEST = 16
_MAKE_ONE = "mend that, or make one elsewhere with `openssl rand -base64 32` and name its file in TRACKER_KEY_FILE"
_ELSEWHERE = "mend that, or set store.key, TRACKER_KEY or TRACKER_KEY_FILE"


class Sealer:
    """Seals and opens columns: version, key id, nonce, ciphertext. `place` is table.column: moved rows don't open."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(_derive(key, b"seal"))
        self._index = _derive(key, b"index")
        self.key_id = sha256(key).digest()[:_KEY_ID]

    def seal(self, place: str, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return _VERSION + self.key_id + nonce + self._aead.encrypt(nonce, plain, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """The plain bytes; StoreError where the key is another one or the row was tampered with."""
        nonce = sealed[1 + _KEY_ID : 1 + _KEY_ID + _NONCE]
        try:
            return self._aead.decrypt(nonce, sealed[1 + _KEY_ID + _NONCE :], place.encode())
        except (InvalidTag, ValueError) as error:
            hint = "the key is another one than it was sealed with" if self.is_other_key(sealed) else "it is damaged"
            raise StoreError(f"{place}: a sealed value does not open: {hint}") from error

    def is_other_key(self, sealed: bytes) -> bool:
        return sealed[1 : 1 + _KEY_ID] != self.key_id

    def blind(self, text: str) -> str:
        """Equal texts give equal indexes; the text can't be had back."""
        return hmac.new(self._index, text.encode(), sha256).hexdigest()


def _derive(key: bytes, purpose: bytes) -> bytes:
    return hmac.new(key, b"tracker/" + purpose, sha256).digest()


def parse_key(text: str) -> bytes:
    """A key as written: 32 bytes in base64 or hex; any other text of 16 characters or more is stretched."""
    text = text.strip()
    for decode in (bytes.fromhex, _base64):
        try:
            key = decode(text)
        except ValueError:
            continue
        if len(key) == sha256().digest_size:
            return key
    if len(text) < _SHORTEST:
        raise StoreError("store.key is too short: make one with `openssl rand -base64 32`")
    return scrypt(text.encode(), salt=b"tracker/store.key", n=2**14, r=8, p=1, dklen=32)


def _base64(text: str) -> bytes:
    return base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)


def read_key_file(path: Path) -> bytes | None:
    """The key beside the config, or None where there is none yet."""
    try:
        return parse_key(path.read_text("ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path}: the key can't be read: {error}; {_ELSEWHERE}") from error


def make_key_file(path: Path) -> bytes:
    """A new key in a new file that only its owner can read; an existing file is never overwritten.

    The file appears whole or not at all: a half one, left by a kill or a full disk, could never be told from a wrong key.
    """
    key = secrets.token_bytes(32)
    half = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.unlink(missing_ok=True)
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(key) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(half, path)
        _sync_folder(path.parent)
    except FileExistsError:
        return read_key_file(path) or key
    except OSError as error:
        raise StoreError(f"{path}: the key of the store can't be made here: {error}; {_MAKE_ONE}") from error
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
    return key


def _sync_folder(folder: Path) -> None:
    """The key must outlive a power cut that the rows sealed with it outlive."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
