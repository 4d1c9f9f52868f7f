"""The signed token of a call (JWT as CDS Hooks 2.0 asks for it). Each refusal has its code; none says how to pass.

The library reads the token and proves the signature; who is admitted, and until when, is decided here with the time
as an argument.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import msgspec
from jwt.types import Options

from reprieve.clinic.api.clients import CdsClient, CdsClients
from reprieve.clinic.api.keys import algorithm_of
from reprieve.errors import InputError

_CLOCKS_DIFFER_BY = timedelta(seconds=60)
_LONGEST_LIFE = timedelta(hours=1)
_LONGEST_TOKEN = 8_192
_SCHEME = "bearer "
_OURS: Options = {
    "verify_exp": False, "verify_iat": False, "verify_nbf": False,
    "verify_aud": False, "verify_iss": False, "verify_jti": False,
}  # fmt: skip
_UNPROVED: Options = {"verify_signature": False, **_OURS}


class _Claims(msgspec.Struct, frozen=True):
    iss: str
    aud: str | list[str]
    exp: float
    iat: float
    jti: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls, by a token that holds. `jti` may be used once until `expires_at`."""

    client: CdsClient
    jti: str
    expires_at: datetime


def read_caller(authorization: str, clients: CdsClients, *, audience: str, at: datetime) -> Caller:
    """Raises: InputError CDS-TOKEN-MISSING, -SHAPE, -ISSUER, -KEY, -SIGNATURE, -EXPIRED, -AUDIENCE."""
    if authorization[: len(_SCHEME)].lower() != _SCHEME:
        raise InputError("CDS-TOKEN-MISSING", "The Authorization header holds no bearer token.")
    token = authorization[len(_SCHEME) :].strip()
    header, claims = _unproved(token)
    client = clients.by_iss.get(claims.iss)
    if client is None:
        raise InputError("CDS-TOKEN-ISSUER", "The issuer of the token is not admitted here.")
    _prove(token, header, client)
    return Caller(client=client, jti=claims.jti, expires_at=_in_time(claims, audience, at))


def _unproved(token: str) -> tuple[dict[str, Any], _Claims]:
    """What the token says of itself, before anything is believed."""
    try:
        if len(token) > _LONGEST_TOKEN:
            raise ValueError
        said = jwt.decode_complete(token, options=_UNPROVED)
        return said["header"], msgspec.convert(said["payload"], _Claims)
    except (ValueError, jwt.PyJWTError, msgspec.ValidationError):
        raise InputError(
            "CDS-TOKEN-SHAPE", "The token is not a JWT with alg, kid, iss, aud, exp, iat and jti."
        ) from None


def _prove(token: str, header: dict[str, Any], client: CdsClient) -> None:
    key = client.keys.get(str(header.get("kid")))
    is_agreed = key is not None and header.get("alg") == algorithm_of(key) and "crit" not in header
    if key is None or not is_agreed or str(header.get("typ", "JWT")).upper() != "JWT":
        raise InputError("CDS-TOKEN-KEY", "The key or the algorithm of the token is not the one agreed (ES384, RS384).")
    try:
        jwt.decode(token, key, algorithms=[algorithm_of(key)], options=_OURS)
    except jwt.PyJWTError:
        raise InputError("CDS-TOKEN-SIGNATURE", "The signature of the token does not hold.") from None


def _in_time(claims: _Claims, audience: str, at: datetime) -> datetime:
    try:
        issued_at, expires_at = (datetime.fromtimestamp(moment, UTC) for moment in (claims.iat, claims.exp))
    except (ValueError, OverflowError, OSError):
        raise InputError("CDS-TOKEN-SHAPE", "The times of the token are no times.") from None
    if at >= expires_at + _CLOCKS_DIFFER_BY or issued_at > at + _CLOCKS_DIFFER_BY:
        raise InputError("CDS-TOKEN-EXPIRED", "The token has run out, or was issued in the future.")
    if expires_at - issued_at > _LONGEST_LIFE:
        raise InputError("CDS-TOKEN-EXPIRED", "The token is made to last for more than an hour.")
    if audience not in ([claims.aud] if isinstance(claims.aud, str) else claims.aud):
        raise InputError("CDS-TOKEN-AUDIENCE", f"The token is not made for {audience}.")
    if not claims.jti:
        raise InputError("CDS-TOKEN-SHAPE", "The token has an empty jti.")
    return expires_at + _CLOCKS_DIFFER_BY
