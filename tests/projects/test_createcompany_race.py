"""Two who run createcompany for one owner at the same moment: one company is left, with one default project."""

import subprocess
import sys

from tests.projects.calling import NOBODY, Account
from tests.server import ROOT, Server

_LOOK = """
import json
from accounts.models import Organization, User
user = User.objects.get(key=%r)
names = Organization.objects.filter(name__endswith=%r).values_list("name", flat=True)
kept = [user.corp.comp_id, user.corp.projects.get().key, user.corp.projects.count(), user.is_corp_admin]
print(json.dumps([list(names), *kept]))
"""


def test_of_two_at_once_one_company_is_left_and_its_printed_secret_is_good(server: Server) -> None:
    owner = server.make_people(owner="developer")["owner"]
    name = owner.email.removesuffix("@polis.example")
    command = [sys.executable, "manage.py", "createcompany", "--owner", name]
    running = [
        subprocess.Popen(
            [*command, f"{each} {owner.id}"], cwd=ROOT, env=server.environment, stdout=subprocess.PIPE, text=True
        )
        for each in ("One", "Two")
    ]
    printed = [process.communicate(timeout=60)[0].split() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    names, comp_id, key, projects, is_admin = server.shell(_LOOK % (owner.id, owner.id))
    assert (len(names), projects, is_admin) == (1, 1, True)
    with server.line(NOBODY) as line:
        codes = {}
        for told, secret in printed:
            account = Account(int(told), secret, key)
            codes[int(told)] = account.call(line, "project/query/list").body["RspCode"]
    assert codes[comp_id] == "0"
    assert sorted(codes.values()) == ["0", "2"]
