#!/usr/bin/env bash
# The native API's resources, one after the other, with curl. It reads as an example, and fails where an answer is not
# the one expected; the city, the token and the key that it makes are gone when it ends.
#
#   docs/walk-api.sh http://127.0.0.1:8000 OWNER_TOKEN GOD_TOKEN
#
# OWNER_TOKEN is any developer's. GOD_TOKEN is a god's: the bin is emptied by a god, and things come back by one. Both
# not older than 15 minutes, or no token is made with them and nothing purged:
#   python manage.py issue_token NAME
set -euo pipefail

if [ $# -ne 3 ]; then
    echo "usage: $0 URL OWNER_TOKEN GOD_TOKEN" >&2
    exit 2
fi
url=$1/api/v1 owner=$2 god=$3
city='' token='' key='' name=Walk_$$_$RANDOM
headers=$(mktemp)

# Whatever happens, nothing stays. Errors do not matter here: most of it is gone already.
tidy() {
    quietly() { curl -sS -o /dev/null -H "Authorization: Bearer $1" -H 'Content-Type: application/json' "${@:2}" || true; }
    [ -z "$token" ] || quietly "$owner" -X DELETE "$url/tokens/$token"
    [ -z "$key" ] || quietly "$owner" -X DELETE "$url/access-keys/$key"
    [ -z "$city" ] || quietly "$owner" -X DELETE "$url/cities/$city"
    [ -z "$city" ] || quietly "$god" -X POST -d "{\"confirm\": \"$name\"}" "$url/cities/$city/purge"
    rm -f "$headers"
}
trap tidy EXIT

# call STATUS TOKEN METHOD PATH [what curl is given]: one call, told in two lines without secrets, and compared.
call() {
    local status=$1 bearer=$2 method=$3 path=$4 given
    shift 4
    given=$(curl -sS -D "$headers" -w '\n%{http_code}' -X "$method" -H "Authorization: Bearer $bearer" \
        -H 'Content-Type: application/json' "$@" "$url$path")
    body=${given%$'\n'*}
    printf '%s %s\n     %s %s\n' "$method" "$path" "${given##*$'\n'}" "$body" |
        sed -e 's/"token":"[^"]*"/"token":"…"/' -e 's/"sk":"[^"]*"/"sk":"…"/'
    if [ "${given##*$'\n'}" != "$status" ]; then
        fail "the status is not $status"
    fi
}

# holds TEXT: the last answer has this in it.
holds() {
    case $body in
        *"$1"*) ;;
        *) fail "no $1 in the answer" ;;
    esac
}

# header NAME: what the last answer says there.
header() {
    tr -d '\r' <"$headers" | awk -v name="$1:" 'tolower($1) == tolower(name) {print $2}'
}

# id: the id of what the last answer shows, which is its first member.
id() {
    printf '%s' "$body" | sed -n 's/^{"[a-z]*":"\([A-Za-z0-9]*\)".*/\1/p'
}

fail() {
    echo "Unexpected: $1" >&2
    exit 1
}

# ── Who am I ─────────────────────────────────────────────────────────────────────────────────────────────────────
call 200 "$owner" GET /me
holds '"limits":'
call 200 "$god" GET /me
holds '"id":'
gods=$(id)

# ── A city, made once though asked for twice ─────────────────────────────────────────────────────────────────────
new="{\"name\": \"$name\", \"brief\": \"a first walk\"}"
call 201 "$owner" POST /cities -H "Idempotency-Key: $name" -d "$new"
city=$(id)
[ -n "$city" ] || fail 'no id in the answer'
call 201 "$owner" POST /cities -H "Idempotency-Key: $name" -d "$new"
[ "$(id)" = "$city" ] || fail 'a second city'
[ "$(header Idempotent-Replayed)" = true ] || fail 'no Idempotent-Replayed'
# The same key for something else, and a name that is taken.
call 422 "$owner" POST /cities -H "Idempotency-Key: $name" -d '{"name": "Another_One"}'
holds '"code":"idempotency_mismatch"'
call 409 "$owner" POST /cities -d "$new"
holds '"code":"name_taken"'
# Every fault at once.
call 422 "$owner" POST /cities -d '{"name": "9x", "brief": 5, "colour": "red"}'
holds '"pointer":"#/colour"'

# ── Reading and changing it, each by its version ─────────────────────────────────────────────────────────────────
call 200 "$owner" GET "/cities/$city"
tag=$(header ETag)
[ "$tag" = '"1.0.0"' ] || fail "the ETag is $tag"
call 304 "$owner" GET "/cities/$city" -H "If-None-Match: $tag"
call 200 "$owner" PATCH "/cities/$city" -H "If-Match: $tag" -d '{"brief": "seen"}'
holds '"version":2'
call 412 "$owner" PATCH "/cities/$city" -H "If-Match: $tag" -d '{"brief": "too late"}'
holds '"code":"stale"'

# ── A list ───────────────────────────────────────────────────────────────────────────────────────────────────────
call 200 "$owner" GET "/cities?search=$name&fields=id,name&count=exact"
holds "{\"id\":\"$city\",\"name\":\"$name\"}"
holds '"count":1,"count_is":"exact"'
call 403 "$owner" GET '/cities?scope=all'
call 200 "$god" GET "/cities?scope=all&search=$name&fields=id"
holds "\"$city\""

# ── The verbs are POSTs ──────────────────────────────────────────────────────────────────────────────────────────
call 200 "$owner" POST "/cities/$city/offline"
holds '"state":"offline"'
call 403 "$god" POST "/cities/$city/publish"
call 200 "$owner" POST "/cities/$city/publish"
call 200 "$god" POST "/cities/$city/disable" -d '{"reason": "under review", "expires_at": "2100-01-01T00:00:00Z"}'
holds '"state":"disabled"'
call 403 "$owner" POST "/cities/$city/enable"
call 409 "$owner" POST "/cities/$city/publish"
holds '"code":"wrong_state"'
call 200 "$god" POST "/cities/$city/enable"

# ── Sharing ──────────────────────────────────────────────────────────────────────────────────────────────────────
call 201 "$owner" POST /grants \
    -d "{\"thing\": \"city/$city\", \"user\": \"$gods\", \"role\": \"viewer\", \"expires_at\": \"2100-01-01T00:00:00Z\"}"
holds '"status":"active"'
grant=$(id)
call 200 "$owner" PATCH "/grants/$grant" -d '{"role": "operator", "expires_at": null}'
call 200 "$god" POST "/cities/$city/offline"
call 200 "$god" POST "/cities/$city/publish"
call 204 "$owner" DELETE "/grants/$grant"
call 403 "$god" POST "/cities/$city/offline"
# To an e-mail address it is an offer.
call 201 "$owner" POST /grants -d "{\"thing\": \"city/$city\", \"user\": \"dora@polis.example\", \"role\": \"viewer\"}"
holds '"status":"pending"'
call 200 "$owner" GET "/grants?thing=city/$city&fields=user,role,status"
holds '{"user":"dora@polis.example","role":"viewer","status":"pending"}'

# ── A token that may do less, and an access key ──────────────────────────────────────────────────────────────────
call 201 "$owner" POST /tokens -H "Idempotency-Key: token-$name" -d '{"name": "walk", "scopes": ["read"]}'
token=$(id) weak=$(printf '%s' "$body" | sed -n 's/.*"token":"\([^"]*\)".*/\1/p')
# Asked for again it is there, but its secret was shown once.
call 201 "$owner" POST /tokens -H "Idempotency-Key: token-$name" -d '{"name": "walk", "scopes": ["read"]}'
holds '"token":null'
holds '"secret_shown_at":'
call 200 "$weak" GET "/cities/$city"
call 403 "$weak" PATCH "/cities/$city" -d '{"brief": "no"}'
holds '"code":"out_of_scope"'
call 403 "$weak" POST /tokens -d '{"name": "stronger"}'
call 204 "$owner" DELETE "/tokens/$token"
call 401 "$weak" GET /me
token=''
call 201 "$owner" POST /access-keys -d '{"name": "walk"}'
key=$(id)
call 200 "$owner" POST "/access-keys/$key/disable" -d '{"reason": "seen"}'
call 204 "$owner" DELETE "/access-keys/$key"
key=''

# ── What was done ────────────────────────────────────────────────────────────────────────────────────────────────
call 200 "$owner" GET "/audit?thing=city/$city&verb=DIS&fields=actor,verb,outcome"
holds "{\"actor\":\"$gods\",\"verb\":\"DIS\",\"outcome\":\"ok\"}"

# ── The bin, back, and the end ───────────────────────────────────────────────────────────────────────────────────
call 204 "$owner" DELETE "/cities/$city"
call 200 "$owner" GET '/bin?fields=id,deleted_by,purge_at'
holds "{\"id\":\"$city\""
call 403 "$owner" POST "/cities/$city/recycle"
call 200 "$god" POST "/cities/$city/recycle"
holds '"state":"enabled"'
call 204 "$owner" DELETE "/cities/$city"
call 200 "$god" POST "/cities/$city/purge" -d "{\"confirm\": \"$name\", \"dry_run\": true}"
holds '"dry_run":true,"removed":{"city":1}'
call 422 "$god" POST "/cities/$city/purge" -d '{"confirm": "Another_One"}'
holds '"code":"not_confirmed"'
call 200 "$god" POST "/cities/$city/purge" -d "{\"confirm\": \"$name\"}"
call 404 "$owner" GET "/cities/$city"
city=''
echo "Every resource answered as it should."
