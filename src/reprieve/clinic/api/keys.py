"""Public keys of record systems (JWK Set, RFC 7517), for ES384 and RS384 and nothing else."""

from collections.abc import Mapping
from typing import Any

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

PublicKey = EllipticCurvePublicKey | RSAPublicKey
_SMALLEST_RSA_BITS = 2048


def read_keys(content: bytes) -> Mapping[str, PublicKey]:
    """The signature keys of a JWK Set by their `kid`.  Raises: ValueError saying what is wrong with which key."""
    try:
        keys = msgspec.json.decode(content, type=dict[str, list[dict[str, Any]]])["keys"]
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError):
        raise ValueError("it is not a JWK Set") from None
    found = {str(key.get("kid", "")): _key(key) for key in keys if key.get("use", "sig") == "sig"}
    if not found or "" in found:
        raise ValueError("it needs at least one key, each with its kid")
    return found


def algorithm_of(key: PublicKey) -> str:
    """The only algorithm that a key may be used with."""
    return "ES384" if isinstance(key, EllipticCurvePublicKey) else "RS384"


def _key(key: Mapping[str, Any]) -> PublicKey:
    kid = key.get("kid")
    if "d" in key:
        raise ValueError(f"key {kid!r} is a private key; only public ones belong here")
    try:
        algorithm = "ES384" if key.get("kty") == "EC" else "RS384"
        found = jwt.PyJWK.from_dict(dict(key), algorithm=algorithm).key
    except (jwt.PyJWTError, ValueError):
        raise ValueError(f"key {kid!r} cannot be read") from None
    if isinstance(found, EllipticCurvePublicKey) and isinstance(found.curve, SECP384R1):
        return found
    if isinstance(found, RSAPublicKey) and found.key_size >= _SMALLEST_RSA_BITS:
        return found
    raise ValueError(f"key {kid!r} is neither EC P-384 nor RSA of {_SMALLEST_RSA_BITS} bits or more")
