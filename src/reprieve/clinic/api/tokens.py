"""The signed token of a call (JWT as CDS Hooks 2.0 asks for it). Each refusal has its code; none says how to pass."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from reprieve.clinic.api.clients import CdsClient, CdsClients
from reprieve.clinic.api.keys import algorithm_of, base64url, is_signed
from reprieve.errors import InputError

_CLOCKS_DIFFER_BY = timedelta(seconds=60)
_LONGEST_LIFE = timedelta(hours=1)
_LONGEST_TOKEN = 8_192
_SCHEME = "bearer "


class _Header(msgspec.Struct, frozen=True):
    alg: str
    kid: str
    typ: str = "JWT"
    crit: list[str] | None = None


class _Claims(msgspec.Struct, frozen=True):
    iss: str
    aud: str | list[str]
    exp: float
    iat: float
    jti: str


_headers = msgspec.json.Decoder(_Header)
_claims = msgspec.json.Decoder(_Claims)


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
    signed, signature, header, claims = _parts(authorization[len(_SCHEME) :].strip())
    client = clients.by_iss.get(claims.iss)
    if client is None:
        raise InputError("CDS-TOKEN-ISSUER", "The issuer of the token is not admitted here.")
    key = client.keys.get(header.kid)
    if key is None or header.alg != algorithm_of(key) or header.typ.upper() != "JWT" or header.crit is not None:
        raise InputError("CDS-TOKEN-KEY", "The key or the algorithm of the token is not the one agreed (ES384, RS384).")
    if not is_signed(key, signature, signed):
        raise InputError("CDS-TOKEN-SIGNATURE", "The signature of the token does not hold.")
    return Caller(client=client, jti=claims.jti, expires_at=_in_time(claims, audience, at))


def _parts(token: str) -> tuple[bytes, bytes, _Header, _Claims]:
    try:
        if len(token) > _LONGEST_TOKEN:
            raise ValueError
        header, claims, signature = token.split(".")
        signed = f"{header}.{claims}".encode("ascii")
        parts = (base64url(header), base64url(claims))
        return signed, base64url(signature), _headers.decode(parts[0]), _claims.decode(parts[1])
    except (ValueError, msgspec.DecodeError):
        raise InputError(
            "CDS-TOKEN-SHAPE", "The token is not a JWT with alg, kid, iss, aud, exp, iat and jti."
        ) from None


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
