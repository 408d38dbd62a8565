"""The tables of projects and companies: who is answered what. By hand, from domain.md §3, S8, S9 and S10.

alice is the admin of her company; its project stands in her city, on which vera and oscar hold grants that she gave:
these reach the project. Our own rows want no colour, audience or shop. Of CloudRoom the caller is a company: whoever
else calls is told that the parameters are wrong, with HTTP 200.
"""

from tests.contract.routes import native
from tests.contract.routes.table import read

NATIVE = read("""
#                                              ano str vie ope own zoo god | nar bou col aud | cit zon cor sho use tok log
GET    /api/v1/projects                        401 200 200 200 200 200 200 | 200 200 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/projects ?scope=all             401 403 403 403 403 200 200 | 403 403 403 403 | 403 403 403 403 401 401 401
GET    /api/v1/projects ?city={id}             401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/projects                        401 201 201 201 201 201 201 | 403 403 201 201 | 403 403 403 403 401 401 401
GET    /api/v1/projects/{id}                   401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
PATCH  /api/v1/projects/{id}                   401 404 403 200 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
DELETE /api/v1/projects/{id}                   401 404 403 403 204 403 403 | 403 404 204 204 | 403 403 403 403 401 401 401
POST   /api/v1/projects/{id}/disable           401 404 403 403 200 200 200 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/projects/{id}/enable            401 404 403 403 403 200 200 | 403 404 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/projects/{id}/publish           401 404 403 200 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/projects/{id}/offline           401 404 403 200 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/projects/{id}/recycle           401 404 403 403 403 200 200 | 403 404 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/projects/{id}/purge             401 404 403 403 200 403 200 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/projects/{id}/purge banned      401 404 403 403 409 403 200 | 403 404 409 409 | 403 403 403 403 401 401 401
# It takes SET on the project, on its city, and on the one that it is to stand in: the operator sees but the first.
POST   /api/v1/projects/{id}/move              401 404 403 200 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/projects/{id}/move to-another   401 404 403 404 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
# A project's secret is its company's alone: no operator and no role rotates it (S9).
POST   /api/v1/projects/{id}/rotate            401 404 403 403 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/projects/{id}/secrets           401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
DELETE /api/v1/projects/{id}/secrets/{number}  401 404 403 403 204 403 403 | 403 404 204 204 | 403 403 403 403 401 401 401

# One's own company, for its admins; a zoon sees every one, a god changes every one.
GET    /api/v1/organizations                   401 200 200 200 200 200 200 | 200 403 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/organizations/{id}              401 404 404 404 200 200 200 | 200 403 200 200 | 403 403 403 403 401 401 401
PATCH  /api/v1/organizations/{id}              401 404 404 404 200 403 200 | 403 403 200 200 | 403 403 403 403 401 401 401
PATCH  /api/v1/organizations/{id} the-limit    401 404 404 404 403 403 200 | 403 403 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/organizations/{id}/rotate       401 404 404 404 200 403 200 | 403 403 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/organizations/{id}/disable      401 404 404 404 403 403 200 | 403 403 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/organizations/{id}/enable       401 404 404 404 404 403 200 | 404 404 404 404 | 403 403 403 403 401 401 401
# Its people, mia among them, who is no admin of it.
GET    /api/v1/organizations/{id}/members            401 404 404 404 200 200 200 | 200 403 200 200 | 403 403 403 403 401 401 401
PATCH  /api/v1/organizations/{id}/members/{member}   401 404 404 404 200 403 200 | 403 403 200 200 | 403 403 403 403 401 401 401
DELETE /api/v1/organizations/{id}/members/{member}   401 404 404 404 204 403 204 | 403 403 204 204 | 403 403 403 403 401 401 401
GET    /api/v1/organizations/{id}/invitations        401 404 404 404 200 200 200 | 200 403 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/organizations/{id}/invitations        401 404 404 404 201 403 201 | 403 403 201 201 | 403 403 403 403 401 401 401
GET    /api/v1/organizations/{id}/invitations/{invitation} 401 404 404 404 200 200 200 | 200 403 200 200 | 403 403 403 403 401 401 401
DELETE /api/v1/organizations/{id}/invitations/{invitation} 401 404 404 404 204 403 204 | 403 403 204 204 | 403 403 403 403 401 401 401
""")
# The native API's, with those that stand above.
EVERY = native.TABLE | NATIVE
CLOUDROOM = read("""
POST   /CLOUDROOM-API/project/update/secret    200 200 200 200 200 200 200 | 200 200 200 200 | 200 200 200 200 200 200 200
POST   /CLOUDROOM-API/project/add              200 200 200 200 200 200 200 | 200 200 200 200 | 200 200 200 200 200 200 200
POST   /CLOUDROOM-API/project/query/list       200 200 200 200 200 200 200 | 200 200 200 200 | 200 200 200 200 200 200 200
POST   /CLOUDROOM-API/project/update           200 200 200 200 200 200 200 | 200 200 200 200 | 200 200 200 200 200 200 200
POST   /CLOUDROOM-API/project/delete           200 200 200 200 200 200 200 | 200 200 200 200 | 200 200 200 200 200 200 200
""")
