"""The native API's table: who is answered what. By hand, from domain.md §3, S3 to S5, S9, S10, S13 and ADR 16.

Cities are judged by the documented rows, which want colour X, the console's audience and its shop, and of GET no login
in service; all else by rows of ours, which want none of these. A token that is bound to other cities does not see the
city, and is short of a scope for what is in no city; what it makes is bound as it is.
"""

from tests.contract.routes.table import read

# What a row says in the order of PEOPLE:
#   anonymous stranger viewer operator owner zoon god | the owner with a token of read alone, bound to another city,
#   of a wrong colour, of a wrong audience | the owner with a closed audience, zone, corp, shop, user, token, login
TABLE = read("""
#                                           ano str vie ope own zoo god | nar bou col aud | cit zon cor sho use tok log
GET    /api/v1/cities                       401 200 200 200 200 200 200 | 200 200 403 403 | 403 403 403 403 401 401 401
GET    /api/v1/cities ?scope=all            401 403 403 403 403 200 200 | 403 403 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/cities                       401 201 201 201 201 201 201 | 403 403 403 403 | 403 403 403 403 401 401 401
GET    /api/v1/cities/{id}                  401 404 200 200 200 200 200 | 200 404 403 403 | 403 403 403 403 401 401 200
PATCH  /api/v1/cities/{id}                  401 404 403 200 200 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
DELETE /api/v1/cities/{id}                  401 404 403 403 204 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/cities/{id}/disable          401 404 403 403 200 200 200 | 403 404 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/cities/{id}/enable           401 404 403 403 403 200 200 | 403 404 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/cities/{id}/publish          401 404 403 200 200 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/cities/{id}/offline          401 404 403 200 200 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/cities/{id}/recycle          401 404 403 403 403 200 200 | 403 404 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/cities/{id}/purge            401 404 403 403 200 403 200 | 403 404 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/cities/{id}/purge banned     401 404 403 403 409 403 200 | 403 404 403 403 | 403 403 403 403 401 401 401

# A city is its owner's to offer, and whose it is offered to sees and takes up the offer: nobody else's, and in no city.
GET    /api/v1/cities/{id}/transfer         401 404 404 404 200 404 404 | 200 404 200 200 | 403 403 403 403 401 401 401
GET /api/v1/cities/{id}/transfer to-the-caller 401 200 200 200 200 200 200 200 404 200 200 403 403 403 403 401 401 401
GET    /api/v1/transfers                    401 200 200 200 200 200 200 | 200 403 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/cities/{id}/transfer         401 404 403 403 201 403 403 | 403 404 201 201 | 403 403 403 403 401 401 401
POST   /api/v1/cities/{id}/transfer forced  401 404 404 404 404 403 200 | 404 404 404 404 | 403 403 403 403 401 401 401
DELETE /api/v1/cities/{id}/transfer         401 404 403 403 204 403 403 | 403 404 204 204 | 403 403 403 403 401 401 401
POST   /api/v1/cities/{id}/transfer/accept  401 200 200 200 200 200 200 | 403 404 200 200 | 403 403 403 403 401 401 401
POST /api/v1/cities/{id}/transfer/accept others 401 404 404 404 403 404 404 403 404 403 403 403 403 403 403 401 401 401
POST   /api/v1/cities/{id}/transfer/decline 401 204 204 204 204 204 204 | 403 404 204 204 | 403 403 403 403 401 401 401
POST /api/v1/cities/{id}/transfer/decline others 401 404 404 404 403 404 404 403 404 403 403 403 403 403 403 401 401 401

# Sharing is the owner's alone; a grant is seen by its giver, its holder and who may browse.
GET    /api/v1/grants                       401 200 200 200 200 200 200 | 200 200 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/grants ?thing=city/{id}      401 404 403 403 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/grants                       401 404 403 403 201 403 403 | 403 404 201 201 | 403 403 403 403 401 401 401
GET    /api/v1/grants/{id}                  401 404 200 404 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
PATCH  /api/v1/grants/{id}                  401 404 403 404 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
DELETE /api/v1/grants/{id}                  401 404 403 404 204 403 403 | 403 404 204 204 | 403 403 403 403 401 401 401
PATCH  /api/v1/grants/{id} the-owners       401 404 404 404 403 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
DELETE /api/v1/grants/{id} the-owners       401 404 404 404 403 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
# To take up and to turn down, an offer is there for nobody but whom it was made to, and in no city.
GET    /api/v1/grants/{id} to-the-caller    401 200 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/grants/{id}/accept           401 200 200 200 200 200 200 | 403 404 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/grants/{id}/accept anothers  401 404 404 404 403 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/grants/{id}/decline          401 204 204 204 204 204 204 | 403 404 204 204 | 403 403 403 403 401 401 401
POST   /api/v1/grants/{id}/decline anothers 401 404 404 404 403 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401

# Credentials are their owner's alone, not even a god's; a token may always end itself.
GET    /api/v1/tokens                       401 200 200 200 200 200 200 | 200 403 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/tokens                       401 201 201 201 201 201 201 | 403 201 201 201 | 403 403 403 403 401 401 401
GET    /api/v1/tokens/{id}                  401 404 404 404 200 404 404 | 200 403 200 200 | 403 403 403 403 401 401 401
PATCH  /api/v1/tokens/{id}                  401 404 404 404 200 404 404 | 403 403 200 200 | 403 403 403 403 401 401 401
DELETE /api/v1/tokens/{id}                  401 404 404 404 204 404 404 | 403 403 204 204 | 403 403 403 403 401 401 401
DELETE /api/v1/tokens/{id} itself           401 204 204 204 204 204 204 | 204 204 204 204 | 403 403 403 403 401 401 401
POST   /api/v1/tokens/{id}/disable          401 404 404 404 200 404 404 | 403 403 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/tokens/{id}/disable itself   401 200 200 200 200 200 200 | 403 403 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/tokens/{id}/enable           401 404 404 404 200 404 404 | 403 403 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/access-keys                  401 200 200 200 200 200 200 | 200 403 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/access-keys                  401 201 201 201 201 201 201 | 403 201 201 201 | 403 403 403 403 401 401 401
GET    /api/v1/access-keys/{id}             401 404 404 404 200 404 404 | 200 403 200 200 | 403 403 403 403 401 401 401
PATCH  /api/v1/access-keys/{id}             401 404 404 404 200 404 404 | 403 403 200 200 | 403 403 403 403 401 401 401
DELETE /api/v1/access-keys/{id}             401 404 404 404 204 404 404 | 403 403 204 204 | 403 403 403 403 401 401 401
POST   /api/v1/access-keys/{id}/disable     401 404 404 404 200 404 404 | 403 403 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/access-keys/{id}/enable      401 404 404 404 200 404 404 | 403 403 200 200 | 403 403 403 403 401 401 401

# Oneself is always there; the trail and the bin of everybody are for who may browse.
GET    /api/v1/me                           401 200 200 200 200 200 200 | 200 200 200 200 | 403 403 403 403 401 401 401
PATCH  /api/v1/me                           401 200 200 200 200 200 200 | 403 403 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/audit                        401 200 200 200 200 200 200 | 200 403 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/audit/export                 401 403 403 403 403 403 200 | 403 403 403 403 | 403 403 403 403 401 401 401
GET    /api/v1/audit ?thing=city/{id}       401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/bin                          401 200 200 200 200 200 200 | 200 200 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/bin ?scope=all               401 403 403 403 403 200 200 | 403 403 403 403 | 403 403 403 403 401 401 401

# The rows by which calls are judged: to be read by who may browse, to be overridden by a god.
GET    /api/v1/policies                     401 403 403 403 403 200 200 | 403 403 403 403 | 403 403 403 403 401 401 401
GET    /api/v1/policies/{id}                401 404 404 404 404 200 200 | 404 404 404 404 | 403 403 403 403 401 401 401
PATCH  /api/v1/policies/{id}                401 404 404 404 404 403 200 | 404 404 404 404 | 403 403 403 403 401 401 401
# One's notices are there for nobody else; they are in no city.
GET    /api/v1/notices                      401 200 200 200 200 200 200 | 200 403 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/notices/{id}                 401 404 404 404 200 404 404 | 200 403 200 200 | 403 403 403 403 401 401 401
PATCH  /api/v1/notices/{id}                 401 404 404 404 200 404 404 | 403 403 200 200 | 403 403 403 403 401 401 401
POST   /api/v1/notices/read                 401 404 404 404 200 404 404 | 403 403 200 200 | 403 403 403 403 401 401 401

# To ask is the owner's alone, to answer an administrator's: but for their own, and a zoon's of another steward's.
GET    /api/v1/requests                     401 200 200 200 200 200 200 | 200 403 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/requests ?scope=all          401 403 403 403 403 200 200 | 403 403 403 403 | 403 403 403 403 401 401 401
POST   /api/v1/requests                     401 404 403 403 201 403 403 | 403 404 201 201 | 403 403 403 403 401 401 401
GET    /api/v1/requests/{id}                401 404 404 404 200 200 200 | 200 403 200 200 | 403 403 403 403 401 401 401
PATCH  /api/v1/requests/{id}                401 404 404 404 403 200 200 | 403 403 403 403 | 403 403 403 403 401 401 401
PATCH  /api/v1/requests/{id} of-a-zoons     401 404 404 404 404 403 200 | 404 404 404 404 | 403 403 403 403 401 401 401
DELETE /api/v1/requests/{id}                401 404 404 404 204 403 403 | 403 403 204 204 | 403 403 403 403 401 401 401
# People, for zoon and god; developers find nobody here. A zoon closes developers; a god gives roles.
GET    /api/v1/users                        401 403 403 403 403 200 200 | 403 403 403 403 | 403 403 403 403 401 401 401
GET    /api/v1/users/{id}                   401 404 404 404 404 200 200 | 404 404 404 404 | 403 403 403 403 401 401 401
POST   /api/v1/users/{id}/disable           401 404 404 404 404 200 200 | 404 404 404 404 | 403 403 403 403 401 401 401
POST   /api/v1/users/{id}/disable a-zoon    401 404 404 404 404 403 200 | 404 404 404 404 | 403 403 403 403 401 401 401
POST   /api/v1/users/{id}/disable oneself   401 404 404 404 404 403 403 | 404 404 404 404 | 403 403 403 403 401 401 401
POST   /api/v1/users/{id}/enable            401 404 404 404 404 200 200 | 404 404 404 404 | 403 403 403 403 401 401 401
POST   /api/v1/users/{id}/role              401 404 404 404 404 403 200 | 404 404 404 404 | 403 403 403 403 401 401 401

# An invitation is there for nobody but whom it was made to.
GET    /api/v1/invitations                  401 200 200 200 200 200 200 | 200 403 200 200 | 403 403 403 403 401 401 401
GET /api/v1/invitations/{id} to-the-caller 401 200 200 200 200 200 200 | 200 403 200 200 | 403 403 403 403 401 401 401
GET    /api/v1/invitations/{id}             401 404 404 404 404 404 404 | 404 404 404 404 | 403 403 403 403 401 401 401
POST   /api/v1/invitations/{id}/accept      401 200 200 200 200 409 409 | 403 403 200 200 | 403 403 403 403 401 401 401
POST /api/v1/invitations/{id}/accept anothers 401 404 404 404 404 404 404 404 404 404 404 403 403 403 403 401 401 401
POST   /api/v1/invitations/{id}/decline     401 204 204 204 204 204 204 | 403 403 204 204 | 403 403 403 403 401 401 401
POST /api/v1/invitations/{id}/decline anothers 401 404 404 404 404 404 404 404 404 404 404 403 403 403 403 401 401 401

# The API's own pages are open to everybody.
GET    /api/schema                          200 200 200 200 200 200 200 | 200 200 200 200 | 200 200 200 200 200 200 200
GET    /api/schema/{dialect}                200 200 200 200 200 200 200 | 200 200 200 200 | 200 200 200 200 200 200 200
GET    /api/docs                            200 200 200 200 200 200 200 | 200 200 200 200 | 200 200 200 200 200 200 200
GET    /api/problems                        200 200 200 200 200 200 200 | 200 200 200 200 | 200 200 200 200 200 200 200
""")
