"""Asking Keystone for tokens: dora, her password and her project."""

from typing import Any

from tests.cast import Answer, Caller

PASSWORD = "a long and quiet evening"
DOMAIN = {"id": "default", "name": "Default"}
UNAUTHORIZED = {
    "error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}
}


def asking(user: Any = None, scope: Any = ..., methods: Any = ("password",), password: str = PASSWORD) -> Any:
    """The body that asks for dora's token, with another user, scope or methods."""
    named = {"name": "dora", "domain": {"name": "Default"}} if user is None else user
    identity = {"methods": list(methods), "password": {"user": {**named, "password": password}}}
    return {"auth": {"identity": identity} | ({} if scope is ... else {"scope": scope})}


def ask(body: Any = None, path: str = "/v3/auth/tokens") -> Answer:
    return Caller().call("POST", path, asking() if body is None else body)


def text_of(answer: Answer) -> str:
    assert answer.status == 201, answer.body
    return str(answer.headers["X-Subject-Token"])


def call(method: str, path: str, token: str, data: Any = None, **headers: str) -> Answer:
    return Caller().call(method, path, data, X_Auth_Token=token, **headers)
