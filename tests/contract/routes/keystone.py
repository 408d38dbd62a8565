"""Keystone's table: who is answered what. By hand, from apig.md "Signing in", S2 and S5.

Its calls take the token in X-Auth-Token. GET and DELETE of a token are about the one with which they are made.
"""

from tests.contract.routes import subjects
from tests.contract.routes.calls import Scene
from tests.contract.routes.table import read

_PASSWORD = {"user": {"name": "{id}", "domain": {"name": "Default"}, "password": subjects.PASSWORD}}
# The columns are those of tests.contract.routes.native.
TABLE = read("""
#                        ano str vie ope own zoo god | nar bou col aud | cit zon cor sho use tok log
GET    /v3               200 200 200 200 200 200 200 | 200 200 200 200 | 200 200 200 200 200 200 200
# Whoever has the password may sign in, whatever tokens there are.
POST   /v3/auth/tokens   401 201 201 201 201 201 201 | 201 201 201 201 | 201 201 201 201 401 201 201
GET    /v3/auth/tokens   401 200 200 200 200 200 200 | 200 200 200 200 | 403 403 403 403 401 401 401
DELETE /v3/auth/tokens   401 204 204 204 204 204 204 | 204 204 204 204 | 403 403 403 403 401 401 401
GET    /v3/auth/projects 401 200 200 200 200 200 200 | 200 200 200 200 | 403 403 403 403 401 401 401
GET    /v3/projects      401 200 200 200 200 200 200 | 200 200 200 200 | 403 403 403 403 401 401 401
""")
SCENES = {head: Scene() for head in TABLE} | {
    "POST /v3/auth/tokens": Scene(
        subjects.name_with_password, {"auth": {"identity": {"methods": ["password"], "password": _PASSWORD}}}
    ),
}
