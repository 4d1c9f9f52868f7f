"""Signing in over HTTP as a browser does, with nothing but the standard library."""

import http.client
import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode

SIGN_IN = "/accounts/login/"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def sign_in(port: int, username: str, password: str) -> str:
    """The Cookie header of a signed-in person.  Raises: RuntimeError when the sign-in page says no."""
    status, body, cookies = _ask(port, "GET", SIGN_IN)
    token = _TOKEN.search(body)
    if status != http.client.OK or token is None:
        raise RuntimeError(f"the sign-in page answers {status}")
    form = urlencode({"csrfmiddlewaretoken": token[1], "login": username, "password": password})
    status, _, more = _ask(port, "POST", SIGN_IN, body=form, cookies=cookies)
    if status != http.client.FOUND:
        raise RuntimeError(f"signing in as {username} answers {status}")
    return header({**cookies, **more})


def header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _ask(
    port: int, method: str, path: str, *, body: str | None = None, cookies: dict[str, str] | None = None
) -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": header(cookies or {}), "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    jar = SimpleCookie()
    for line in answer.headers.get_all("Set-Cookie") or ():
        jar.load(line)
    connection.close()
    return answer.status, text, {name: morsel.value for name, morsel in jar.items()}
