#!/usr/bin/env bash
# The thirteen verbs of a city, one after the other, with curl. It reads as an example, and fails where an answer is
# not the one expected; the city that it makes is gone when it ends.
#
#   docs/walk.sh http://127.0.0.1:8000 OWNER_TOKEN ADMIN_TOKEN
#
# OWNER_TOKEN is any developer's. ADMIN_TOKEN is a god's: QRY, the list of all cities, is a god's alone. Both:
#   python manage.py issue_token NAME
set -euo pipefail

if [ $# -ne 3 ]; then
    echo "usage: $0 URL OWNER_TOKEN ADMIN_TOKEN" >&2
    exit 2
fi
url=$1 owner=$2 admin=$3
id=

# Whatever happens, the city does not stay. A god may delete what nobody else may.
trap '[ -z "$id" ] || curl -sS -o /dev/null -X DELETE -H "Authorization: $admin" "$url/city/$id"' EXIT

# say STATUS REASON VERB METHOD PATH [what curl is given]: one call, told in two lines, and compared.
say() {
    local status=$1 reason=$2 verb=$3 method=$4 path=$5 given
    shift 5
    given=$(curl -sS -w '\n%{http_code}' -X "$method" "$@" "$url$path")
    body=${given%$'\n'*}
    printf '%s  %s %s\n     %s %s\n' "$verb" "$method" "$path" "${given##*$'\n'}" "$body"
    if [ "${given##*$'\n'}" != "$status" ]; then
        fail "the status is not $status"
    fi
    holds "\"reason\":\"$reason\""
}

# holds TEXT: the last answer has this in it.
holds() {
    case $body in
        *"$1"*) ;;
        *) fail "no $1 in the answer" ;;
    esac
}

fail() {
    echo "Unexpected: $1" >&2
    exit 1
}

# state NUMBER: the city is in this state: 0 in service, 1 closed, 3 off line, 5 in the recycle bin.
state() {
    body=$(curl -sS -H "Authorization: $owner" "$url/city/$id?fields=city")
    holds "\"city\":$1"
}

as_owner=(-H "Authorization: $owner")
as_admin=(-H "Authorization: $admin")
name=Walk_$$_$RANDOM

# ── The owner makes a city ───────────────────────────────────────────────────────────────────────────────────────
# The verb travels in the header XduaApiMethod. A body may be a form or JSON.
say 200 Success ADD POST /city "${as_owner[@]}" -H 'XduaApiMethod: ADD' -d "name=$name" -d 'brief=a first walk'
id=$(printf '%s' "$body" | sed -n 's/.*"id":"\([A-Za-z0-9]\{8\}\)".*/\1/p')
[ -n "$id" ] || fail "no id in the answer"

# A name that is taken is a conflict, and a refusal is in the same envelope.
say 409 CityNameTaken ADD POST /city "${as_owner[@]}" -H 'XduaApiMethod: ADD' -d "name=$name"

# ── Looking at it ────────────────────────────────────────────────────────────────────────────────────────────────
say 200 Success GET GET "/city/$id" "${as_owner[@]}" -H 'XduaApiMethod: GET'
holds "\"name\":\"$name\""
say 200 Success GIT GET "/city/$id?fields=id,name,city" "${as_owner[@]}" -H 'XduaApiMethod: GIT'
holds '"city":0'

# Lists: QRI is what is one's own or shared with one, QRY is all. `where` is JSON; -G puts it into the address.
say 200 Success QRI GET /city "${as_owner[@]}" -H 'XduaApiMethod: QRI' -G --data-urlencode "where={\"name\":\"$name\"}"
holds '"total":1'
say 200 Success QRY GET /city "${as_admin[@]}" -H 'XduaApiMethod: QRY' -G --data-urlencode "where={\"id\":\"$id\"}"
holds '"total":1'
say 403 Forbidden QRY GET /city "${as_owner[@]}" -H 'XduaApiMethod: QRY'

# ── Changing it ──────────────────────────────────────────────────────────────────────────────────────────────────
say 200 Success SET PUT "/city/$id" "${as_owner[@]}" -H 'XduaApiMethod: SET' \
    -H 'Content-Type: application/json' -d '{"brief": "seen"}'
holds '"updates":{"brief":"seen"}'

# Off line and back is the owner's alone: no administrator publishes what its owner took off line.
say 200 Success OFF PUT "/city/$id" "${as_owner[@]}" -H 'XduaApiMethod: OFF'
state 3
say 403 Forbidden PUB PUT "/city/$id" "${as_admin[@]}" -H 'XduaApiMethod: PUB'
say 200 Success PUB PUT "/city/$id" "${as_owner[@]}" -H 'XduaApiMethod: PUB'
state 0

# ── Closing it: the other ways of naming the verb ────────────────────────────────────────────────────────────────
# As a parameter of the address, XduaApiMethod=DIS. `stato` is the reason; `expire`, UNIX seconds, its end.
say 200 Success DIS PUT "/city/$id?XduaApiMethod=DIS" "${as_admin[@]}" -d 'stato=under review' -d expire=4102444800
state 1
# As a parameter of the body, action=enable: the full name, or `enb`.
say 403 Forbidden ENB PUT "/city/$id" "${as_owner[@]}" -d action=enable
say 200 Success ENB PUT "/city/$id" "${as_admin[@]}" -d action=enable
state 0

# ── The recycle bin ──────────────────────────────────────────────────────────────────────────────────────────────
# As a suffix of the resource: /city.deleto/…
say 200 Success DOL PUT "/city.deleto/$id" "${as_owner[@]}"
state 5
# As the last part of the path: …/recycle. An administrator restores; the owner asks for it.
say 403 Forbidden RCC PUT "/city/$id/recycle" "${as_owner[@]}"
say 200 Success RCC PUT "/city/$id/recycle" "${as_admin[@]}"
state 0

# ── The end ──────────────────────────────────────────────────────────────────────────────────────────────────────
# A request without a verb means its method's: DELETE is DEL. What is gone cannot be told from what never was.
say 200 Success DEL DELETE "/city/$id" "${as_owner[@]}"
say 404 CityNotFound GET GET "/city/$id" "${as_owner[@]}" -H 'XduaApiMethod: GET'
id=
echo "All thirteen verbs answered as they should."
