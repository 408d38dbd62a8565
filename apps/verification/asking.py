"""Several credentials judged for one asker: a gateway, for its own; or somebody, for projects on which they have GET.

What they may not ask about is looked up at a gateway that there is not: the same work, and the same answer as for a
key of nobody's (S1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.access.actor import Actor, Door
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.machine import usage
from apps.lifecycle import GATEWAY
from apps.verification import failures, judge, project_accounts, traffic
from apps.verification.credentials import Presented
from apps.verification.failures import Asker
from apps.verification.judge import Outcome, Verdict
from apps.verification.lookup import Found, Link
from apps.verification.original import Original
from apps.verification.project_accounts import SecretHash, Token
from config.kernel.states import Verb
from projects.lifecycle import PROJECT
from projects.models import Project

_NOWHERE = ""


@dataclass(frozen=True, slots=True)
class AppQuestion:
    """A credential of an app at a gateway, and the call that it came with."""

    presented: Presented
    gateway: str
    call: Original


@dataclass(frozen=True, slots=True)
class AccountQuestion:
    """A credential of a project account."""

    presented: SecretHash | Token
    address: str


# None: one that cannot be read.
Question = AppQuestion | AccountQuestion | None


@dataclass(frozen=True, slots=True)
class Answer:
    """`retry_after`: seconds that this key has to wait from this address. `name` is of the first link of the chain."""

    verdict: Verdict
    name: str = ""
    chain: tuple[Link, ...] = ()
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class Reach:
    """What an asker may ask about, by ids."""

    asker: Asker
    gateways: frozenset[str]
    projects: frozenset[str]


def reach_of_gateway(found: Found) -> Reach:
    """Its own apps, and while it is in service the project that it is of, whose chain says nothing of the gateway."""
    key = found.key_of(GATEWAY.kind)
    asker = Asker(journal.GATEWAY, key, Door.VERIFY)
    is_closed = judge.closed_link(found.chain) is not None
    return Reach(asker, frozenset({key}), frozenset({"" if is_closed else found.key_of(PROJECT.kind)}))


def reach_of(by: Actor, questions: Iterable[Question]) -> Reach:
    """Of what is asked about, what is of projects on which the caller has GET. Raises OUT_OF_SCOPE."""
    by.check_scope(Verb.GET)
    asked = list(questions)
    gateways = {each.gateway for each in asked if isinstance(each, AppQuestion)} - {_NOWHERE}
    accounts = {each.presented.app_id for each in asked if isinstance(each, AccountQuestion)} - {_NOWHERE}
    seen = Project.objects.visible_to(by)
    through = seen.filter(gateways__key__in=gateways).values_list("gateways__key", flat=True) if gateways else []
    projects = seen.filter(key__in=accounts).values_list("key", flat=True) if accounts else []
    return Reach(Asker(by.kind, by.key, by.door), frozenset(through), frozenset(projects))


def verify_all(questions: Sequence[Question], reach: Reach, *, by: Actor) -> list[Answer]:
    """An answer to each, in their order. Their use is noted, and failures are counted."""
    asked = {each.presented.app_id for each in questions if isinstance(each, AccountQuestion)}
    projects = project_accounts.find(asked & reach.projects) if asked else {}
    answers = [_answer(each, reach, projects, by) for each in questions]
    for answer in answers:
        traffic.count(answer.verdict.outcome is Outcome.GOOD, by.now)
    return answers


def _answer(question: Question, reach: Reach, projects: dict[str, Project], by: Actor) -> Answer:
    if isinstance(question, AppQuestion):
        return _of_app(question, reach, by)
    if isinstance(question, AccountQuestion):
        return _of_account(question, projects.get(question.presented.app_id), reach, by)
    return Answer(Verdict(Outcome.UNKNOWN))


def _of_app(question: AppQuestion, reach: Reach, by: Actor) -> Answer:
    presented, may_ask = question.presented, question.gateway in reach.gateways
    found = presented.look_up(question.gateway if may_ask else _NOWHERE, by.now)
    verdict = judge.judge(presented, found, question.call, by.now)
    about = failures.about(found, question.gateway)
    pair = (question.gateway, presented.name, question.call.address)
    if verdict.outcome is Outcome.UNKNOWN:
        return Answer(verdict, retry_after=failures.count(reach.asker, about, pair, by.now))
    _note(verdict, pair, by)
    return Answer(verdict, found.app.name if found.app is not None else "", found.chain)


def _of_account(question: AccountQuestion, project: Project | None, reach: Reach, by: Actor) -> Answer:
    app_id = question.presented.app_id
    verdict = project_accounts.judge_account(question.presented, project, by.now)
    pair = (app_id, "", question.address)
    if verdict.outcome is Outcome.UNKNOWN or project is None:
        return Answer(verdict, retry_after=failures.count(reach.asker, About(PROJECT.kind, app_id), pair, by.now))
    _note(verdict, pair, by)
    return Answer(verdict, project.name, project_accounts.chain_of(project, by.now))


def _note(verdict: Verdict, pair: failures.Pair, by: Actor) -> None:
    if verdict.proof is not None:
        failures.forgive(pair)
        usage.note(verdict.proof.table, verdict.proof.pk, by.now, pair[2])
