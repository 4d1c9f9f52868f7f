"""Requests as record systems send them, a record system with its key, and tokens signed with it."""

import base64
import copy
import json
import time
from itertools import count
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA384

DATA = Path(__file__).parents[1] / "data" / "cds_hooks"
BASE = "https://reprieve.example.org"
ISS = "https://ehr.example.org"
PATIENT_VIEW, ORDER_SELECT = "/cds-services/reprieve-patient-view", "/cds-services/reprieve-order-select"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_numbers = count(1)
EC_KEY = ec.generate_private_key(ec.SECP384R1())
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def sent(name="sandbox_patient_view", **prefetch):
    """A request out of the files; `key=None` leaves a prefetch key out, any other value replaces it."""
    request = json.loads((DATA / f"{name}.json").read_text())
    for key, value in prefetch.items():
        request["prefetch"].pop(key)
        if value is not None:
            request["prefetch"][key] = value
    return request


def ordering(name, *, route=None, request=None, beside=()):
    """The sandbox's order-select with another medicine selected."""
    request = copy.deepcopy(request or sent("sandbox_order_select"))
    entries = request["context"]["draftOrders"]["entry"]
    order = entries[0]["resource"]
    order["medicationCodeableConcept"] = {"text": name, "coding": [{"system": RXNORM, "code": "0", "display": name}]}
    if route is not None:
        order["dosageInstruction"][0]["route"] = {"coding": [{"system": "http://snomed.info/sct", "code": route}]}
    for number, other in enumerate(beside):
        more = {**order, "id": f"beside-{number}", "medicationCodeableConcept": {"text": other}}
        entries.append({"resource": more})
    return request


def encoded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def number(value, length=48):
    return encoded(value.to_bytes(length, "big"))


def key_set():
    """Both public keys as a JWK Set."""
    point, modulus = EC_KEY.public_key().public_numbers(), RSA_KEY.public_key().public_numbers()
    curve = {"kty": "EC", "crv": "P-384", "kid": "ec", "use": "sig", "x": number(point.x), "y": number(point.y)}
    return {"keys": [curve, {"kty": "RSA", "kid": "rsa", "n": number(modulus.n, 256), "e": number(modulus.e, 3)}]}


def token(path, *, key="ec", header=None, **claims):
    """A token as the sandbox's jwt-generator makes it, with what a test changes."""
    now = int(time.time())
    head = {"alg": "ES384" if key == "ec" else "RS384", "typ": "JWT", "kid": key, **(header or {})}
    body = {"iss": ISS, "aud": BASE + path, "exp": now + 300, "iat": now, "jti": f"{now}-{next(_numbers)}", **claims}
    body = {name: value for name, value in body.items() if value is not None}
    signed = f"{encoded(json.dumps(head).encode())}.{encoded(json.dumps(body).encode())}"
    return f"{signed}.{encoded(signature(signed.encode(), key))}"


def signature(content, key):
    if key == "rsa":
        return RSA_KEY.sign(content, padding.PKCS1v15(), SHA384())
    first, second = decode_dss_signature(EC_KEY.sign(content, ec.ECDSA(SHA384())))
    return first.to_bytes(48, "big") + second.to_bytes(48, "big")


def clients_file(folder, slug, **more):
    """The file of `REPRIEVE_CDS_CLIENTS` for one record system of a clinic."""
    (folder / "ehr.json").write_text(json.dumps(key_set()))
    entry = {"iss": ISS, "clinic": slug, "jwks": "ehr.json", **more}
    lines = [f"{name} = {json.dumps(value)}" for name, value in entry.items()]
    path = folder / "clients.toml"
    path.write_text(f'base_url = "{BASE}"\n[[client]]\n' + "\n".join(lines))
    return path
