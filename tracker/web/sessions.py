"""Who may see the page: the password, wrong tries, signed sessions, and the token that every form carries."""

import asyncio
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadData, URLSafeTimedSerializer

COOKIE = "tracker_session"
LASTS = 30 * 86400  # seconds
VISITOR = "visitor"  # whose forms are meant where nobody is logged in

FREE_TRIES = 3
LONGEST_DELAY = 300.0  # seconds
MOST_PEERS = 1000


class Sessions:
    """`password` None: nobody logs in. Another password ends every session."""

    def __init__(self, password: str | None, secret: bytes) -> None:
        self._hash = None if password is None else hashed(password)
        key = hmac.new(secret, (password or "").encode(), sha256).digest()
        self._forms = hmac.new(key, b"forms", sha256).digest()
        signing = hmac.new(key, b"sessions", sha256).digest()
        self._signer = URLSafeTimedSerializer(signing, salt="session", signer_kwargs={"digest_method": sha256})
        self._one_at_a_time = asyncio.Semaphore(1)  # each takes 64 MiB

    @property
    def needs_login(self) -> bool:
        return self._hash is not None

    async def is_right(self, password: str) -> bool:
        """Takes the same time for every wrong password."""
        if self._hash is None:
            return False
        async with self._one_at_a_time:
            return await asyncio.to_thread(_verified, self._hash, password)

    def new(self) -> str:
        """A cookie's value."""
        return str(self._signer.dumps(secrets.token_urlsafe(16)))

    def read(self, cookie: str | None) -> str | None:
        """The session that a cookie stands for; None where there is none, or none any more."""
        if not self.needs_login:
            return VISITOR
        try:
            return str(self._signer.loads(cookie or "", max_age=LASTS))
        except BadData:
            return None

    def token(self, session: str) -> str:
        """What a form of this session carries, and no other site can know."""
        return hmac.new(self._forms, session.encode(), sha256).hexdigest()

    def is_token(self, session: str, token: str) -> bool:
        return hmac.compare_digest(self.token(session).encode(), token.encode())


def hashed(password: str) -> str:
    """The argon2id hash of a password; the config may also hold the hash itself."""
    try:
        extract_parameters(password)
    except InvalidHashError:
        return PasswordHasher().hash(password)
    return password


def _verified(right: str, given: str) -> bool:
    try:
        return PasswordHasher().verify(right, given)
    except (VerificationError, InvalidHashError):
        return False


class Tries:
    """Tries at the password, by who makes them: after a few wrong ones each next one waits twice as long.

    `clock` gives seconds that nobody sets.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._peers: OrderedDict[str, tuple[int, float]] = OrderedDict()  # -> (tries, when the next is allowed)

    def wait(self, peer: str) -> float:
        """Seconds until this one may try again."""
        _, free_at = self._peers.get(_who(peer), (0, 0.0))
        return max(free_at - self._clock(), 0.0)

    def begin(self, peer: str) -> None:
        """A try counts as wrong until it was right: many at once are no way round."""
        who = _who(peer)
        tries = self._peers.pop(who, (0, 0.0))[0] + 1
        delay = 0.0 if tries < FREE_TRIES else min(2.0 ** (tries - FREE_TRIES), LONGEST_DELAY)
        self._peers[who] = (tries, self._clock() + delay)
        if len(self._peers) > MOST_PEERS:
            self._peers.popitem(last=False)

    def was_right(self, peer: str) -> None:
        self._peers.pop(_who(peer), None)


def _who(peer: str) -> str:
    """One customer of a network has a whole /64 of addresses."""
    try:
        address = ip_address(peer)
    except ValueError:
        return peer
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else peer
