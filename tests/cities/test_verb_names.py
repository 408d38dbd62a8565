"""How a request says which verb it means: five ways, three vocabularies, any case; two that disagree are an error."""

from typing import Any

import pytest

from cities.models import City
from tests.cast import Answer, Caller, Cast
from tests.cities import trail
from tests.factories import make_city

# verb: method, full name, and the document's Name and Action for it.
VERBS = {
    "ADD": ("POST", "Create", "AddState", "CreateState"),
    "DEL": ("DELETE", "Delete", "DelState", "DeleteState"),
    "SET": ("PUT", "Update", "SetState", "UpdateState"),
    "DOL": ("PUT", "Deleto", "DolState", "DeletoState"),
    "DIS": ("PUT", "Disable", "DisState", "DisableState"),
    "ENB": ("PUT", "Enable", "EnbState", "EnableState"),
    "RCC": ("PUT", "Recycle", "RccState", "RecycleState"),
    "PUB": ("PUT", "Publish", "PubState", "OnlineState"),
    "OFF": ("PUT", "Offline", "OffState", "OfflineState"),
    "GET": ("GET", "Get", "GetState", "GetState"),
    "GIT": ("GET", "Git", "GitState", "GitState"),
    "QRY": ("GET", "Query", "QryState", "QueryState"),
    "QRI": ("GET", "Queri", "QriState", "QueriState"),
}
WORDS = [(verb, word) for verb, (_, *words) in VERBS.items() for word in dict.fromkeys((verb, *words))]
ON_ALL = ("ADD", "QRY", "QRI")


def send(caller: Caller, way: str, method: str, word: str, key: str) -> Answer:
    """The word in one of the five ways, to a city, or to all of them where `key` is ""."""
    one = f"/{key}" if key else ""
    if way == "header":
        return caller.call(method, f"/city{one}", XduaApiMethod=word)
    if way == "query":
        return caller.call(method, f"/city{one}?XduaApiMethod={word}")
    if way == "body":
        return caller.call(method, f"/city{one}", {"XduaApiMethod": word})
    if way == "action":
        return caller.call(method, f"/city{one}?action={word}")
    return caller.call(method, f"/city.{word}{one}" if way == "suffix" else f"/city{one}/{word}")


WAYS = ("header", "query", "body", "action", "suffix", "tail")


@pytest.mark.parametrize(("verb", "word"), [("OFF", "off"), ("DIS", "Disable"), ("DOL", "DOLSTATE")])
@pytest.mark.parametrize("way", WAYS)
def test_every_way_works(cast: Cast, way: str, verb: str, word: str) -> None:
    assert send(cast.alice, way, "PUT", word, cast.city.key).result == {"id": cast.city.key}
    assert trail.verbs(cast.city.key)[-1] == verb


@pytest.mark.parametrize("way", WAYS[:5])
def test_every_way_works_without_an_id(cast: Cast, way: str) -> None:
    assert send(cast.root, way, "GET", "query", "").status == 200
    assert send(cast.alice, way, "GET", "query", "").status == 403


@pytest.mark.parametrize("case", [str, str.lower, str.upper], ids=["as written", "lower", "upper"])
def test_every_word_is_known_in_any_case(cast: Cast, case: Any) -> None:
    for verb, word in WORDS:
        path = "/city" if verb in ON_ALL else "/city/Absent12"
        wrong = "POST" if VERBS[verb][0] != "POST" else "PUT"
        # Which method is allowed tells that the verb was understood, without doing it.
        refused = cast.alice.call(wrong, path, XduaApiMethod=case(word))
        assert (refused.status, refused.headers["Allow"]) == (405, VERBS[verb][0]), word


@pytest.mark.parametrize("verb", [verb for verb in VERBS if VERBS[verb][0] == "PUT"])
def test_every_word_of_a_put_does_its_verb(cast: Cast, verb: str) -> None:
    caller = cast.zoe if verb in ("ENB", "RCC") else cast.alice
    for number, word in enumerate((verb, *VERBS[verb][1:])):
        key = make_city(cast.alice.user, f"City_{number}").key
        for step in {"ENB": ["DIS"], "RCC": ["DOL"], "PUB": ["OFF"]}.get(verb, []):
            cast.alice.verb(step, key)
        given = {"brief": "new"} if verb == "SET" else None
        assert caller.call("PUT", f"/city/{key}", given, XduaApiMethod=word).status == 200
        assert trail.verbs(key)[-1] == verb


def test_the_shared_action_of_get_and_git_means_get(cast: Cast) -> None:
    # A zoon may GET what is not theirs, and may not GIT it.
    assert cast.zoe.call("GET", f"/city/{cast.city.key}?action=GetState").status == 200
    assert cast.zoe.call("GET", f"/city/{cast.city.key}?action=GitState").status == 403


@pytest.mark.parametrize(
    ("method", "path", "verb"),
    [("POST", "/city", "ADD"), ("PUT", "/city/{key}", "SET"), ("DELETE", "/city/{key}", "DEL")],
)
def test_without_a_word_it_is_the_methods_verb(cast: Cast, method: str, path: str, verb: str) -> None:
    given = {"name": "Quite_new"} if method != "DELETE" else None
    answer = cast.alice.call(method, path.format(key=cast.city.key), given)
    assert trail.verbs(answer.result["id"])[-1] == verb


def test_a_bare_list_is_everything_for_a_god_and_ones_own_for_everybody_else(cast: Cast) -> None:
    assert cast.city.key in [row["id"] for row in cast.root.call("GET", "/city").result["list"]]
    for caller in (cast.zoe, cast.charlie):
        assert caller.call("GET", "/city").result["list"] == []
    assert len(cast.alice.call("GET", "/city").result["list"]) == 1


@pytest.mark.parametrize(
    ("path", "data", "header"),
    [
        ("/city/{key}?action=dol", None, "DIS"),
        ("/city/{key}?action=dol", None, "SET"),
        ("/city/{key}?action=dis&XduaApiMethod=DOL", None, ""),
        ("/city/{key}?action=dis&action=dol", None, ""),
        ("/city/{key}?XduaApiMethod=DOL&XduaApiMethod=DIS", None, ""),
        ("/city/{key}", {"action": "dol", "XduaApiMethod": "DIS"}, ""),
        ("/city/{key}?action=dis", {"action": "dol"}, ""),
        ("/city/{key}", '{"action": "dis", "action": "dol"}', ""),
        ("/city.disable/{key}", {"action": "dol"}, ""),
        ("/city.disable/{key}", None, "DOL"),
        ("/city/{key}/disable", None, "DOL"),
        ("/city/{key}/disable?action=offline", None, ""),
    ],
)
def test_two_that_disagree_are_an_error(cast: Cast, path: str, data: Any, header: str) -> None:
    before = trail.everything()
    headers = {"XduaApiMethod": header} if header else {}
    refused = cast.alice.call("PUT", path.format(key=cast.city.key), data, **headers)
    assert refused.status == 400
    # A parameter that is given twice, with two values, is refused before it is known to be a verb's.
    assert refused.reason in {"ConflictingVerbs", "BodyMalformed", "BadRequest"}
    assert refused.result["id"] == cast.city.key
    assert trail.everything() == before


def test_all_that_agree_are_one_verb(cast: Cast) -> None:
    path = f"/city.offline/{cast.city.key}?action=OfflineState&action=OfflineState"
    assert cast.alice.call("PUT", path, {"XduaApiMethod": "Offline"}, XduaApiMethod="OffState").status == 200
    assert City.objects.get(key=cast.city.key).state == 3


@pytest.mark.parametrize("way", WAYS)
def test_an_unknown_verb_is_refused_with_a_list_of_the_known(cast: Cast, way: str) -> None:
    before = trail.everything()
    for word in ("fly", "disabled", "DIS,DOL", "State", "None", "0"):
        refused = send(cast.alice, way, "PUT", word, cast.city.key)
        assert (refused.status, refused.reason, refused.result["id"]) == (400, "UnknownVerb", cast.city.key)
        assert all(verb in refused.result["detail"] for verb in VERBS)
    assert trail.everything() == before


def test_a_verb_that_is_no_word_is_unknown(cast: Cast) -> None:
    for word in (None, 7, True, ["DIS"], {"a": 1}, "", " DIS"):
        refused = cast.alice.call("PUT", f"/city/{cast.city.key}", {"action": word})
        assert (refused.status, refused.reason) == (400, "UnknownVerb")


@pytest.mark.parametrize(
    ("method", "path", "word", "allow"),
    [
        ("POST", "/city/{key}", "", "DELETE, GET, PUT"),
        ("PATCH", "/city/{key}", "", "DELETE, GET, PUT"),
        ("OPTIONS", "/city/{key}", "", "DELETE, GET, PUT"),
        ("PATCH", "/city", "", "GET, POST, PUT"),
        ("DELETE", "/city", "", None),
        ("GET", "/city/{key}", "DIS", "PUT"),
        ("POST", "/city/{key}", "DEL", "DELETE"),
        ("PUT", "/city/{key}", "GET", "GET"),
        ("DELETE", "/city/{key}", "DOL", "PUT"),
        ("GET", "/city", "ADD", "POST"),
        ("HEAD", "/city/{key}", "DIS", "PUT"),
        ("PATCH", "/city/{key}", "SET", "DELETE, GET, PUT"),
    ],
)
def test_the_wrong_method_is_405_with_allow(cast: Cast, method: str, path: str, word: str, allow: str | None) -> None:
    before = trail.everything()
    headers = {"XduaApiMethod": word} if word else {}
    refused = cast.root.call(method, path.format(key=cast.city.key), **headers)
    if allow is None:  # a verb that wants an id says so
        assert (refused.status, refused.reason) == (400, "ParameterRequired")
    else:
        assert (refused.status, refused.headers["Allow"]) == (405, allow)
    assert trail.everything() == before


@pytest.mark.parametrize("path", ["/city/", "/city/{key}/", "/city.get/{key}/", "/city/{key}/get/", "/city.queri/"])
def test_a_trailing_slash_is_accepted_and_not_redirected(cast: Cast, path: str) -> None:
    assert cast.alice.call("GET", path.format(key=cast.city.key)).status == 200


@pytest.mark.parametrize("path", ["/city/{key}/get/more", "/city.get/{key}/get/more", "/city//", "/city./"])
def test_an_address_that_is_none_is_answered_in_the_envelope(cast: Cast, path: str) -> None:
    lost = cast.alice.call("GET", path.format(key=cast.city.key))
    assert (lost.status, lost.body["error"], lost.reason) == (404, 100021, "NoSuchRoute")
