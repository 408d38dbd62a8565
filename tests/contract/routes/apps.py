"""The tables of gateways, apps and AppCodes: who is answered what. By hand, from domain.md §3, S8, S9, S11 and S13.

They stand in the project of alice's company, in her city, on which vera and oscar hold grants that she gave: these
reach all that stands there. What is made in something takes the operator's role on it, and a token that reaches it.
"""

from tests.contract.routes import projects
from tests.contract.routes.table import read

NATIVE = read("""
#                                              ano str vie ope own zoo god | nar bou col aud | cit zon cor sho use tok log
GET    /api/v1/gateways                        401 200 200 200 200 200 200 | 200 200 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/gateways ?scope=all             401 403 403 403 403 200 200 | 403 403 403 403 | 403 403 403 403 401 401 401
GET    /api/v1/gateways ?city={id}             401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/gateways ?project={id}          401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/gateways                        401 404 403 201 201 403 403 | 403 404 201 201 | 403 403 403 403 401 401 401
GET    /api/v1/gateways/{id}                   401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
PATCH  /api/v1/gateways/{id}                   401 404 403 200 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
# What opens or closes a gateway is its owner's alone.
PATCH  /api/v1/gateways/{id} the-switch        401 404 403 403 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
DELETE /api/v1/gateways/{id}                   401 404 403 403 204 403 403 | 403 404 204 204 | 403 403 403 403 401 401 401
POST   /api/v1/gateways/{id}/disable           401 404 403 403 200 200 200 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/gateways/{id}/enable            401 404 403 403 403 200 200 | 403 404 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/gateways/{id}/publish           401 404 403 200 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/gateways/{id}/offline           401 404 403 200 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/gateways/{id}/recycle           401 404 403 403 403 200 200 | 403 404 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/gateways/{id}/purge             401 404 403 403 200 403 200 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/gateways/{id}/purge banned      401 404 403 403 409 403 200 | 403 404 409 409 | 403 403 403 403 401 401 401
# Whoever may not ask hears what they would of a key of nobody's.
POST   /api/v1/verifications                   401 200 200 200 200 200 200 | 200 200 200 200 | 403 403 403 403 401 401 401
# A gateway's key is its company's alone: no operator and no role rotates it (S9).
POST   /api/v1/gateways/{id}/rotate            401 404 403 403 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/gateways/{id}/secrets           401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
DELETE /api/v1/gateways/{id}/secrets/{number}  401 404 403 403 204 403 403 | 403 404 204 204 | 403 403 403 403 401 401 401

GET    /api/v1/apps                            401 200 200 200 200 200 200 | 200 200 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/apps ?scope=all                 401 403 403 403 403 200 200 | 403 403 403 403 | 403 403 403 403 401 401 401
GET    /api/v1/apps ?city={id}                 401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/apps ?project={id}              401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/apps ?gateway={id}              401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/apps                            401 404 403 201 201 403 403 | 403 404 201 201 | 403 403 403 403 401 401 401
# A key of one's own is whoever's may make an app; a secret of one's own its gateway's owner's alone (S9).
POST   /api/v1/apps its-key                    401 404 403 201 201 403 403 | 403 404 201 201 | 403 403 403 403 401 401 401
POST   /api/v1/apps its-secret                 401 404 403 403 201 403 403 | 403 404 201 201 | 403 403 403 403 401 401 401
GET    /api/v1/apps/{id}                       401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
PATCH  /api/v1/apps/{id}                       401 404 403 200 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
PATCH  /api/v1/apps/{id} its-secret            401 404 403 403 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
DELETE /api/v1/apps/{id}                       401 404 403 403 204 403 403 | 403 404 204 204 | 403 403 403 403 401 401 401
POST   /api/v1/apps/{id}/disable               401 404 403 403 200 200 200 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/apps/{id}/enable                401 404 403 403 403 200 200 | 403 404 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/apps/{id}/publish               401 404 403 200 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/apps/{id}/offline               401 404 403 200 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/apps/{id}/recycle               401 404 403 403 403 200 200 | 403 404 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/apps/{id}/purge                 401 404 403 403 200 403 200 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/apps/{id}/purge banned          401 404 403 403 409 403 200 | 403 404 409 409 | 403 403 403 403 401 401 401
# An operator rotates an app's secret to one of ours, and ends none (S9).
POST   /api/v1/apps/{id}/rotate                401 404 403 200 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/apps/{id}/rotate its-secret     401 404 403 403 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/apps/{id}/secrets               401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
DELETE /api/v1/apps/{id}/secrets/{number}      401 404 403 403 204 403 403 | 403 404 204 204 | 403 403 403 403 401 401 401

# An operator makes codes of ours; one of one's own, and the end of one, are the owner's.
GET    /api/v1/apps/{id}/codes                 401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/apps/{id}/codes                 401 404 403 201 201 403 403 | 403 404 201 201 | 403 403 403 403 401 401 401
POST   /api/v1/apps/{id}/codes its-secret      401 404 403 403 201 403 403 | 403 404 201 201 | 403 403 403 403 401 401 401
GET    /api/v1/apps/{id}/codes/{code}          401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
DELETE /api/v1/apps/{id}/codes/{code}          401 404 403 403 204 403 403 | 403 404 204 204 | 403 403 403 403 401 401 401
""")
# The rows of the whole native API.
EVERY = projects.EVERY | NATIVE
