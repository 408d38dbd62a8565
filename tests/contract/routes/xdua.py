"""XDUA's table: who is answered what. By hand, from domain.md §3, the policy registry's rows, and ADR 3.

A row is a verb, and holds for every form of its address. `-` is a call that names no verb: it is its method's own.
"""

from tests.contract.routes.table import read

# The columns are those of tests.contract.routes.native.
TABLE = read("""
#                      ano str vie ope own zoo god | nar bou col aud | cit zon cor sho use tok log
POST   /city      ADD  401 200 200 200 200 200 200 | 403 403 403 403 | 403 403 403 403 401 401 401
POST   /city      -    401 200 200 200 200 200 200 | 403 403 403 403 | 403 403 403 403 401 401 401
GET    /city      QRI  401 200 200 200 200 200 200 | 200 200 403 403 | 403 403 403 403 401 401 401
GET    /city      QRY  401 403 403 403 403 403 200 | 403 403 403 403 | 403 403 403 403 401 401 401
GET    /city      -    401 200 200 200 200 200 200 | 200 200 403 403 | 403 403 403 403 401 401 401
PUT    /city      RCC  401 403 403 403 403 200 200 | 403 403 403 403 | 403 403 403 403 401 401 401
# all of them can only be restored: SET, which a PUT means, is of one
PUT    /city      -    401 400 400 400 400 400 400 | 400 400 400 400 | 400 400 400 400 401 401 400
GET    /city/{id} GET  401 404 200 200 200 200 200 | 200 404 403 403 | 403 403 403 403 401 401 200
GET    /city/{id} -    401 404 200 200 200 200 200 | 200 404 403 403 | 403 403 403 403 401 401 200
GET    /city/{id} GIT  401 404 200 200 200 403 403 | 200 404 403 403 | 403 403 403 403 401 401 200
PUT    /city/{id} SET  401 404 403 200 200 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
PUT    /city/{id} -    401 404 403 200 200 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
PUT    /city/{id} OFF  401 404 403 200 200 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
PUT    /city/{id} PUB  401 404 403 200 200 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
PUT    /city/{id} DIS  401 404 403 403 200 200 200 | 403 404 403 403 | 403 403 403 403 401 401 401
PUT    /city/{id} ENB  401 404 403 403 403 200 200 | 403 404 403 403 | 403 403 403 403 401 401 401
PUT    /city/{id} DOL  401 404 403 403 200 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
PUT    /city/{id} RCC  401 404 403 403 403 200 200 | 403 404 403 403 | 403 403 403 403 401 401 401
DELETE /city/{id} DEL  401 404 403 403 200 403 200 | 403 404 403 403 | 403 403 403 403 401 401 401
DELETE /city/{id} -    401 404 403 403 200 403 200 | 403 404 403 403 | 403 403 403 403 401 401 401

# Whoever has the password may sign in, whatever tokens there are; not by its md5 for who is powerful (S2).
POST   /login          401 200 200 200 200 401 401 | 200 200 200 200 | 200 200 200 200 401 200 200
""")
