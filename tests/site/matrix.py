"""Every address of the super-console, and what each of the people is answered there: one row a page, by hand.

A row: the page's name, then the statuses of GET and of POST for a zoon and for a god, then as what a refusal is put on
record, "-" where it is not. What everybody else is answered is the same at all pages, but for those of OTHERS.
"""

from dataclasses import dataclass

# Who is nobody signs in first; so does a steward who was disabled, whether or not that has ended the session yet.
NOBODY = {"GET": 302, "POST": 302}
# Developers, whatever they own here, are led to their own console; what they send is refused.
DEVELOPER = {"GET": 302, "POST": 403}

TABLE = """
#                                          GET: zoon god  POST: zoon god  on record as
    index                                       200 200         200 200  -
    login                                       302 302         302 302  -
    logout                                      405 405         302 302  -
    anything-else                               404 404         404 404  -

    cities_city_bulk                            405 405         302 302  city OPERATE
    cities_city_changelist                      200 200         405 405  city GET
    cities_city_recycle                         200 200         405 405  city GET
    cities_city_change                          200 200         405 405  city GET
    cities_city_verb:dis                        200 200         302 302  city DIS
    cities_city_verb:enb                        200 200         302 302  city ENB
    cities_city_verb:rcc                        200 200         302 302  city RCC
    cities_city_verb:off                        403 403         403 403  city OFF
    cities_city_verb:pub                        403 403         403 403  city PUB
    cities_city_verb:dol                        403 403         403 403  city DOL
    cities_city_verb:del                        403 200         403 409  city DEL
    cities_city_transfer                        403 200         403 409  city TRANSFER

    projects_project_bulk                       405 405         302 302  project OPERATE
    projects_project_changelist                 200 200         405 405  project GET
    projects_project_change                     200 200         405 405  project GET
    projects_project_verb:dis                   200 200         302 302  project DIS
    projects_project_verb:enb                   200 200         302 302  project ENB
    projects_project_verb:rcc                   200 200         302 302  project RCC
    projects_project_verb:off                   403 403         403 403  project OFF
    projects_project_verb:pub                   403 403         403 403  project PUB
    projects_project_verb:dol                   403 403         403 403  project DOL
    projects_project_verb:del                   403 200         403 409  project DEL
    projects_project_rotate                     403 200         403 200  project ROTATE

    apps_gateway_bulk                           405 405         302 302  gateway OPERATE
    apps_gateway_changelist                     200 200         405 405  gateway GET
    apps_gateway_change                         200 200         405 405  gateway GET
    apps_gateway_verb:dis                       200 200         302 302  gateway DIS
    apps_gateway_verb:enb                       200 200         302 302  gateway ENB
    apps_gateway_verb:rcc                       200 200         302 302  gateway RCC
    apps_gateway_verb:off                       403 403         403 403  gateway OFF
    apps_gateway_verb:pub                       403 403         403 403  gateway PUB
    apps_gateway_verb:dol                       403 403         403 403  gateway DOL
    apps_gateway_verb:del                       403 200         403 409  gateway DEL
    apps_gateway_rotate                         403 200         403 200  gateway ROTATE
    apps_gateway_settings                       403 200         403 302  gateway SET

    apps_app_bulk                               405 405         302 302  app OPERATE
    apps_app_changelist                         200 200         405 405  app GET
    apps_app_change                             200 200         405 405  app GET
    apps_app_verb:dis                           200 200         302 302  app DIS
    apps_app_verb:enb                           200 200         302 302  app ENB
    apps_app_verb:rcc                           200 200         302 302  app RCC
    apps_app_verb:off                           403 403         403 403  app OFF
    apps_app_verb:pub                           403 403         403 403  app PUB
    apps_app_verb:dol                           403 403         403 403  app DOL
    apps_app_verb:del                           403 200         403 302  app DEL
    apps_app_rotate                             403 200         403 200  app ROTATE
    apps_app_end_code                           403 200         403 302  appcode DEL

    accounts_organization_changelist            200 200         405 405  organization GET
    accounts_organization_change                200 200         405 405  organization GET
    accounts_organization_verb:dis              403 200         403 302  organization DIS
    accounts_organization_verb:enb              403 200         403 302  organization ENB
    accounts_organization_rotate                403 200         403 200  organization ROTATE
    accounts_organization_settings              403 200         403 302  organization SET

    accounts_user_changelist                    200 200         405 405  user GET
    accounts_user_change                        200 200         405 405  user GET
    accounts_user_verb:dis                      200 200         302 302  user DIS
    accounts_user_verb:enb                      200 200         302 302  user ENB
    accounts_user_role                          403 200         403 302  user SETROLE

    accounts_request_changelist                 200 200         405 405  request ANSWER
    accounts_request_change                     200 200         302 302  request ANSWER

    accounts_lockout_changelist                 200 200         405 405  login UNLOCK
    accounts_lockout_find                       200 200         400 400  login UNLOCK
    accounts_lockout_change                     200 200         405 405  login UNLOCK
    accounts_lockout_unlock                     405 405         302 302  login UNLOCK

    accounts_policybook_changelist              200 200         405 405  policy QRI/SET
    accounts_policybook_tester                  200 200         400 400  policy GET/SET
    accounts_policybook_change                  200 200         403 302  policy GET/SET

    accounts_operation_changelist               200 200         405 405  operation OPERATE
    accounts_operation_change                   404 200         404 302  operation OPERATE
    accounts_operation_stop                     405 405         404 409  operation STOP

    accounts_accesstoken_changelist             200 200         405 405  accesstoken GET
    accounts_accesstoken_change                 200 200         405 405  accesstoken GET
    accounts_accesskey_changelist               200 200         405 405  accesskey GET
    accounts_accesskey_change                   200 200         405 405  accesskey GET

    accounts_auditevent_changelist              200 200         405 405  -
    accounts_auditevent_export                  403 200         403 200  audit EXPORT (a steward's alone)
"""

# Where the others are answered otherwise: (nobody, developer) for GET and for POST.
OTHERS = {
    "logout": {"GET": (405, 405), "POST": (302, 302)},
}


@dataclass(frozen=True, slots=True)
class Row:
    """What zoon and god are answered, by method; and the kind and, by method, the verb of a refusal on record."""

    stewards: dict[str, tuple[int, int]]
    kind: str
    verbs: dict[str, str]
    is_stewards: bool = False  # on record: theirs alone


def read() -> dict[str, Row]:
    """The table by its pages."""
    rows = {}
    for line in TABLE.strip().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        page, *statuses, record = _columns(line)
        get, post = statuses[:2], statuses[2:]
        record, _, alone = record.partition(" (")
        kind, _, verbs = record.partition(" ")
        reads, _, writes = verbs.partition("/")
        assert page not in rows, page
        rows[page] = Row(
            {"GET": (int(get[0]), int(get[1])), "POST": (int(post[0]), int(post[1]))},
            "" if kind == "-" else kind,
            {"GET": reads, "POST": writes or reads},
            bool(alone),
        )
    return rows


def for_others(page: str, method: str) -> tuple[int, int]:
    """What nobody is answered, and what a developer is."""
    return OTHERS.get(page, {}).get(method, (NOBODY[method], DEVELOPER[method]))


def for_steward(page: str, method: str, who: str) -> int:
    return read()[page].stewards[method][("zoon", "god").index(who)]


def _columns(line: str) -> list[str]:
    words = line.split()
    return [*words[:5], " ".join(words[5:])]
