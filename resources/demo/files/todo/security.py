"""Passwords and tokens: what is stored is never what was given."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from base64 import b64decode, b64encode

SALT_BYTES = 16
HASH_BYTES = 32
TOKEN_BYTES = 32
BLOCK_SIZE = 8
PARALLELISM = 1
HASHES_AT_ONCE = 4  # each needs 16 MiB at the default cost: many logins at once must not eat the memory


class PasswordHasher:
    """scrypt with a salt for each password. The cost is stored with the hash, so it can be raised later."""

    def __init__(self, cost: int = 2**14) -> None:
        self._cost = cost
        self._gate = threading.BoundedSemaphore(HASHES_AT_ONCE)
        self._nobody = self.hash(secrets.token_urlsafe(TOKEN_BYTES))

    def hash(self, password: str) -> str:
        """The text to store: scrypt$cost$salt$hash."""
        salt = secrets.token_bytes(SALT_BYTES)
        digest = self._derive(password, salt, self._cost)
        return f"scrypt${self._cost}${b64encode(salt).decode()}${b64encode(digest).decode()}"

    def matches(self, password: str, stored: str | None) -> bool:
        """Compares in constant time. Without a stored hash it takes as long as with one, and says no."""
        _, cost, salt, digest = (stored or self._nobody).split("$")
        derived = self._derive(password, b64decode(salt), int(cost))
        return hmac.compare_digest(derived, b64decode(digest)) and stored is not None

    def _derive(self, password: str, salt: bytes, cost: int) -> bytes:
        with self._gate:
            return hashlib.scrypt(
                password.encode(), salt=salt, n=cost, r=BLOCK_SIZE, p=PARALLELISM, dklen=HASH_BYTES
            )


def new_token() -> str:
    """A bearer token nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_digest(token: str) -> str:
    """What is stored of a token. It is random already, so it needs neither salt nor cost."""
    return hashlib.sha256(token.encode()).hexdigest()
