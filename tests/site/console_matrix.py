"""Every address of the console, and what each of the people is answered there: one row a page, by hand.

A row: the page's name, then the statuses of GET, then of POST, for a stranger, a viewer, an operator, the owner, a zoon
and a god; one number where all are answered the same. Who is not signed in is led to the door.
"""

PEOPLE = ("stranger", "viewer", "operator", "owner", "zoon", "god")
TABLE = """
    # name                  GET: stranger viewer operator owner zoon god, POST: the same
    home                    200                        405
    search                  200                        405
    activity                200                        405
    city_name               405                        200
    cities                  200                        405
    city_new                200                        302
    city                    404 200 200 200 200 200    405
    city_edit               404 403 200 200 403 403    404 403 302 302 403 403
    city_activity           404 200 200 200 200 200    405
    city_try                404 200 200 200 200 200    405
    city_verb:off           404 403 200 200 403 403    404 403 302 302 403 403
    city_verb:pub           404 403 200 200 403 403    404 403 302 302 403 403
    city_verb:dis           404 403 403 200 200 200    404 403 403 302 302 302
    city_verb:enb           404 403 403 403 200 200    404 403 403 403 302 302
    city_verb:dol           404 403 403 200 403 403    404 403 403 302 403 403
    city_verb:rcc           404 403 403 403 200 200    404 403 403 403 302 302
    city_verb:del           404 403 403 200 403 200    404 403 403 409 403 409
    project_move            404 403 200 200 403 403    404 403 302 302 403 403
    projects                200                        405
    project_new             200                        422
    project                 404 200 200 200 200 200    405
    project_edit            404 403 200 200 403 403    404 403 422 422 403 403
    project_activity        404 200 200 200 200 200    405
    project_try             404 200 200 200 200 200    405
    project_verb:off        404 403 200 200 403 403    404 403 302 302 403 403
    project_verb:pub        404 403 200 200 403 403    404 403 302 302 403 403
    project_verb:dis        404 403 403 200 200 200    404 403 403 302 302 302
    project_verb:enb        404 403 403 403 200 200    404 403 403 403 302 302
    project_verb:dol        404 403 403 200 403 403    404 403 403 409 403 403
    project_verb:rcc        404 403 403 403 200 200    404 403 403 403 302 302
    project_verb:del        404 403 403 200 403 200    404 403 403 409 403 409
    project_rotate          404 403 403 200 403 403    404 403 403 200 403 403
    project_secret_end      404 403 403 200 403 403    404 403 403 302 403 403
    gateways                200                        405
    gateway_new             200                        404 403 200 200 403 403
    gateway                 404 200 200 200 200 200    405
    gateway_edit            404 403 200 200 403 403    404 403 302 302 403 403
    gateway_activity        404 200 200 200 200 200    405
    gateway_try             404 200 200 200 200 200    405
    gateway_verb:off        404 403 200 200 403 403    404 403 302 302 403 403
    gateway_verb:pub        404 403 200 200 403 403    404 403 302 302 403 403
    gateway_verb:dis        404 403 403 200 200 200    404 403 403 302 302 302
    gateway_verb:enb        404 403 403 403 200 200    404 403 403 403 302 302
    gateway_verb:dol        404 403 403 200 403 403    404 403 403 302 403 403
    gateway_verb:rcc        404 403 403 403 200 200    404 403 403 403 302 302
    gateway_verb:del        404 403 403 200 403 200    404 403 403 409 403 409
    gateway_rotate          404 403 403 200 403 403    404 403 403 200 403 403
    gateway_secret_end      404 403 403 200 403 403    404 403 403 302 403 403
    apps                    200                        405
    app_new                 200                        404 403 200 200 403 403
    app                     404 200 200 200 200 200    405
    app_edit                404 403 200 200 403 403    404 403 302 302 403 403
    app_activity            404 200 200 200 200 200    405
    app_try                 404 200 200 200 200 200    405
    app_verb:off            404 403 200 200 403 403    404 403 302 302 403 403
    app_verb:pub            404 403 200 200 403 403    404 403 302 302 403 403
    app_verb:dis            404 403 403 200 200 200    404 403 403 302 302 302
    app_verb:enb            404 403 403 403 200 200    404 403 403 403 302 302
    app_verb:dol            404 403 403 200 403 403    404 403 403 302 403 403
    app_verb:rcc            404 403 403 403 200 200    404 403 403 403 302 302
    app_verb:del            404 403 403 200 403 200    404 403 403 409 403 409
    app_rotate              404 403 200 200 403 403    404 403 200 200 403 403
    app_secret_end          404 403 403 200 403 403    404 403 403 302 403 403
    code_new                404 403 200 200 403 403    404 403 200 200 403 403
    code_end                404 403 403 200 403 403    404 403 403 302 403 403
    city_people             404 403 403 200 200 200    405
    city_share              404 403 403 200 403 403    404 403 403 302 403 403
    city_grant              404 403 403 200 403 403    404 403 403 302 403 403
    city_unshare            404 403 403 200 403 403    404 403 403 302 403 403
    city_ask                404 404 404 302 403 403    404 404 404 302 403 403
    project_people          404 403 403 200 200 200    405
    project_share           404 403 403 200 403 403    404 403 403 302 403 403
    project_grant           404 403 403 200 403 403    404 403 403 302 403 403
    project_unshare         404 403 403 200 403 403    404 403 403 302 403 403
    project_ask             404 403 403 409 403 403    404 403 403 409 403 403
    gateway_people          404 403 403 200 200 200    405
    gateway_share           404 403 403 200 403 403    404 403 403 302 403 403
    gateway_grant           404 403 403 200 403 403    404 403 403 302 403 403
    gateway_unshare         404 403 403 200 403 403    404 403 403 302 403 403
    gateway_ask             404 403 403 409 403 403    404 403 403 409 403 403
    app_people              404 403 403 200 200 200    405
    app_share               404 403 403 200 403 403    404 403 403 302 403 403
    app_grant               404 403 403 200 403 403    404 403 403 302 403 403
    app_unshare             404 403 403 200 403 403    404 403 403 302 403 403
    app_ask                 404 403 403 409 403 403    404 403 403 409 403 403
    shares                  200                        405
    share_accept            405                        404 404 302 403 403 403
    share_decline           405                        404 404 302 403 403 403
    invitation              404 404 200 404 404 404    404 404 302 404 404 404
    invitation_decline      405                        404 404 302 404 404 404
    city_transfer           404 403 403 200 403 403    404 403 403 302 403 403
    city_withdraw           405                        404 404 404 302 403 403
    transfer                404 404 200 404 404 404    404 404 302 404 404 404
    transfer_decline        405                        404 404 302 403 404 404
    tokens                  200                        405
    token_new               200                        200
    token                   404 404 404 200 404 404    405
    token_edit              404 404 404 200 404 404    404 404 404 302 404 404
    token_verb:dis          404 404 404 200 404 404    404 404 404 302 404 404
    token_verb:enb          404 404 404 200 404 404    404 404 404 302 404 404
    token_verb:del          404 404 404 200 404 404    404 404 404 302 404 404
    access_keys             200                        405
    access_key_new          200                        200
    access_key              404 404 404 200 404 404    405
    access_key_edit         404 404 404 200 404 404    404 404 404 302 404 404
    access_key_verb:dis     404 404 404 200 404 404    404 404 404 302 404 404
    access_key_verb:enb     404 404 404 200 404 404    404 404 404 302 404 404
    access_key_verb:del     404 404 404 200 404 404    404 404 404 302 404 404
    notices                 200                        405
    notices_read            405                        404 404 404 302 404 404
    requests                200                        405
    request                 404 404 404 200 200 200    405
    request_withdraw        405                        404 404 404 302 403 403
    bin                     200                        405
    company                 200                        405
    company_edit            200                        302
    company_rotate          200                        200
    company_invite          200                        302 302 302 302 409 409
    company_uninvite        405                        404 404 404 302 404 404
    company_admin           404 404 404 200 404 404    404 404 404 409 404 404
    company_remove          404 404 404 302 404 404    404 404 404 302 404 404
    company_leave           200                        409
    profile                 200                        302
"""


def read() -> dict[str, dict[str, dict[str, int]]]:
    """By page, method and person."""
    rows = {}
    for line in TABLE.strip().splitlines():
        if not line.strip() or line.strip().startswith("#"):
            continue
        page, *columns = [column.strip() for column in line.split("  ") if column.strip()]
        assert page not in rows, page
        assert len(columns) == 2, line
        rows[page] = dict(zip(("GET", "POST"), map(_by_person, columns), strict=True))
    return rows


def _by_person(column: str) -> dict[str, int]:
    statuses = [int(each) for each in column.split()]
    assert len(statuses) in {1, len(PEOPLE)}, column
    return dict(zip(PEOPLE, statuses if len(statuses) > 1 else statuses * len(PEOPLE), strict=True))
