"""Public keys of record systems (JWK Set, RFC 7517) and their signatures: ES384 and RS384, nothing else."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA384

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
_P384_BYTES = 48
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
    return "ES384" if isinstance(key, ec.EllipticCurvePublicKey) else "RS384"


def is_signed(key: PublicKey, signature: bytes, content: bytes) -> bool:
    """Whether the holder of the private key signed the content."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, content, padding.PKCS1v15(), SHA384())
        elif len(signature) == 2 * _P384_BYTES:
            parts = (int.from_bytes(half, "big") for half in (signature[:_P384_BYTES], signature[_P384_BYTES:]))
            key.verify(encode_dss_signature(*parts), content, ec.ECDSA(SHA384()))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def base64url(text: str) -> bytes:
    """Raises: ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("not base64url") from None


def _key(key: Mapping[str, Any]) -> PublicKey:
    kid = key.get("kid")
    if "d" in key:
        raise ValueError(f"key {kid!r} is a private key; only public ones belong here")
    try:
        if key.get("kty") == "EC" and key.get("crv") == "P-384":
            return ec.EllipticCurvePublicNumbers(_number(key, "x"), _number(key, "y"), ec.SECP384R1()).public_key()
        if key.get("kty") == "RSA":
            found = rsa.RSAPublicNumbers(_number(key, "e"), _number(key, "n")).public_key()
            if found.key_size >= _SMALLEST_RSA_BITS:
                return found
    except (ValueError, KeyError):
        raise ValueError(f"key {kid!r} cannot be read") from None
    raise ValueError(f"key {kid!r} is neither EC P-384 nor RSA of {_SMALLEST_RSA_BITS} bits or more")


def _number(key: Mapping[str, Any], part: str) -> int:
    return int.from_bytes(base64url(str(key[part])), "big")
