"""What a page of the super-console's list of cities asks for among a million of them, whatever it is narrowed by."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from cities.models import City
from config.kernel.roles import Role
from tests.factories import make_user
from tests.million import fetched
from tests.site.console import CITIES, Browser

pytestmark = pytest.mark.scale

# The nearest 20,000 ids are walked, of which a page of the table holds some forty; what is gathered beyond is few.
NEAR, FAR = 2_000, 12_000
# Of each hundred, among the oldest as among the newest; and all of the names of some that lie together.
FOUND = re.compile(r'href="/admin/cities/city/[A-Za-z0-9]{8}/change/"')
_STIR = """
UPDATE cities_city SET disabled_at = now(), disabled_by = %(zoon)s, disabled_side = 'admin', state = 1,
    expires_at = CASE WHEN id %% 1000 = 1 THEN now() + interval '1 day' END WHERE id %% 100 = 1;
UPDATE cities_city SET disabled_at = now(), disabled_by = 'somebody', disabled_side = 'owner', state = 1
    WHERE id %% 10000 = 2;
UPDATE cities_city SET offline = true, state = 3 WHERE id BETWEEN 100000 AND 110000 AND state = 0;
UPDATE cities_city SET deleted_at = now() - interval '29 days', state = 5 WHERE id %% 10000 = 5;
UPDATE cities_city SET created_at = now() - interval '100 days' WHERE id BETWEEN 300000 AND 310000;
UPDATE cities_city SET name = '滨海城市_' || id, name_key = '滨海城市_' || id WHERE id BETWEEN 500000 AND 520000;
UPDATE cities_city SET name = '港湾_' || id, name_key = '港湾_' || id WHERE id IN (7, 77777, 777777);
"""
QUESTIONS = {
    "page 1": ("", NEAR),
    "page 500": ("?p={page_500}", NEAR),
    "the oldest": ("?p=-0", NEAR),
    "an id": ("?q={key}", NEAR),
    "an owner's id": ("?q={owner}", NEAR),
    "an owner's name": ("?q={owner_name}", NEAR),
    "who owns a hundred thousand": ("?q={walked}", NEAR),
    "nearly all": ("?q=city", NEAR),
    "old ones that lie together": ("?q=城市", FAR),
    "three": ("?q=港湾", NEAR),
    "none": ("?q=虚无", NEAR),
    "none, of common pairs": ("?q=city_x", NEAR),
    "rare, of common pairs": ("?q=_97531", NEAR),
    "a tenth, all of them old": ("?q=city_1", FAR),
    **{f"state {state}": (f"?state={state}", FAR if state == 3 else NEAR) for state in (0, 1, 3, 5)},
    "closed by administrators": ("?side=admin", NEAR),
    "closed by owners": ("?side=owner", NEAR),
    "closed by somebody": ("?disabled_by={zoon}", NEAR),
    "closed by nobody": ("?disabled_by={owner}", NEAR),
    "of an owner": ("?owner={owner}", NEAR),
    "of an owner of very many": ("?owner={walked}", NEAR),
    "made today": ("?created=today", NEAR),
    "made long ago": ("?created_from={since}&created_to={until}", NEAR),
    "ban ends soon": ("?expires=soon", NEAR),
    "purged soon": ("?bin=soon", NEAR),
}


@pytest.fixture
def stirred(holders: dict[str, User], db: None) -> dict[str, object]:
    """What stands in the questions, once some cities are closed, off line, binned, older and called otherwise."""
    zoon = make_user("scaling", Role.ZOON)
    with connection.cursor() as cursor:
        cursor.execute(_STIR, {"zoon": zoon.key})
        cursor.execute("ANALYZE cities_city")
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
    newest = City.objects.order_by("-pk").values_list("pk", flat=True)
    city = City.objects.select_related("creator").get(name_key="city_4321")
    assert city.creator is not None
    day = timezone.localdate() - timedelta(days=100)
    return {
        "user": zoon,
        "zoon": zoon.key,
        "page_500": newest[25_000],
        "key": city.key,
        "owner": city.creator.key,
        "owner_name": city.creator.name,
        "walked": holders["walked"].key,
        "since": day,
        "until": day,
    }


def test_a_page_costs_a_page_however_it_is_narrowed(stirred: dict[str, object]) -> None:
    browser = Browser(stirred["user"])  # type: ignore[arg-type]
    costs = {}
    for name, (question, most) in QUESTIONS.items():
        path = CITIES + question.format(**stirred)
        assert browser.get(path).status == 200  # what a connection reads once is read
        before = fetched()
        rows = FOUND.findall(browser.get(path).source)
        costs[name] = fetched() - before
        print(f"  {name:<32}{costs[name]:>8} buffers of {most:>6}{len(rows):>5} rows")
        assert (len(rows) == 0) is ("none" in name or "nobody" in name), name
    assert {name: cost for name, cost in costs.items() if cost > QUESTIONS[name][1]} == {}
