"""What is told of measurements, and what is told of none."""

import re

import pytest

from tests.bench import report
from tests.bench.console import Asked
from tests.bench.load import Measured
from tests.bench.measure import Lane
from tests.bench.operations import Operation
from tests.bench.pages import Page
from tests.bench.report import Ratio
from tests.contract import docs

POLIS, RAW = Lane(1_000_000, 1, "verify", "polis"), Lane(1_000_000, 1, "verify", "raw-sql")
SMALL_POLIS, SMALL_RAW = Lane(1_000, 1, "verify", "polis"), Lane(1_000, 1, "verify", "raw-sql")


def rounds(*rates: float) -> list[Measured]:
    return [Measured(rate, 1.0, 2.0) for rate in rates]


def test_a_ratio_is_of_one_round_and_told_by_its_median() -> None:
    # The machine was half as fast in the second round: that is no difference between the two.
    results = {POLIS: rounds(90, 45, 80), RAW: rounds(100, 50, 100)}
    assert report.ratio(results, POLIS, RAW) == Ratio(0.9, 0.8, 0.9)


@pytest.mark.parametrize(
    ("rate", "small_rate", "met", "flat"),
    [(90, 100, "met", "met"), (89, 89, "missed", "met"), (90, 101, "met", "missed")],
)
def test_targets_are_of_a_million_and_of_how_flat_it_is(rate: float, small_rate: float, met: str, flat: str) -> None:
    results = {POLIS: rounds(rate), RAW: rounds(100), SMALL_POLIS: rounds(small_rate), SMALL_RAW: rounds(100)}
    beside_floor, beside_small = report.targets(results)
    assert beside_floor.endswith(f"target ≥ 0.9: {met}")
    assert beside_small.endswith(f"target ≥ 0.9: {flat}")


def test_how_flat_it_is_is_told_of_one_round_at_a_time() -> None:
    # Twice the machine was slow: once while there were a million, once while there were a thousand.
    results = {POLIS: rounds(45, 80, 72), RAW: rounds(50, 100, 80), SMALL_POLIS: rounds(90, 40, 90)}
    results[SMALL_RAW] = rounds(100, 50, 100)
    _, flat = report.targets(results)
    assert flat.startswith("verify, 1 connections: 1.00 (1.00–1.00) of that ratio with 1,000")


def test_without_a_million_no_target_is_told() -> None:
    assert report.targets({SMALL_POLIS: rounds(1), SMALL_RAW: rounds(1)}) == []


def test_the_table_has_polis_beside_each_reference_and_the_references_themselves() -> None:
    operation = Operation("verify", "is it good?", lambda *_: iter(()))
    lanes = [Lane(1_000, 16, "verify", name) for name in ("polis", "bare-drf", "bare-django", "raw-sql")]
    results = {lane: rounds(rate) for lane, rate in zip(lanes, (1000, 500, 2000, 4000), strict=True)}
    text = report.whole([operation], results, {("verify", lane.entrant): 3 for lane in lanes}, [], 2)
    assert "| verify | 1,000 | 16 | 1,000 | 1.00 | 2.00 | 3 | 2.00 (2.00–2.00) | 0.50 (0.50–0.50) |" in text
    assert "| verify | 1,000 | 16 | raw-sql | 4,000 | 1.00 | 2.00 | 3 | 0% |" in text
    assert "- `verify`: is it good?" in text
    assert "Rounds put aside, since a reference strayed: 2." in text


def test_what_is_compared_with_another_operations_references_has_their_ratio() -> None:
    verify = Operation("verify", "", lambda *_: iter(()))
    code = Operation("verify-code", "", lambda *_: iter(()), entrants=("polis",), beside="verify")
    lanes = [Lane(1_000, 1, "verify", name) for name in ("polis", "bare-drf", "bare-django", "raw-sql")]
    results = {lane: rounds(100) for lane in lanes} | {Lane(1_000, 1, "verify-code", "polis"): rounds(25)}
    queries = {("verify", lane.entrant): 1 for lane in lanes} | {("verify-code", "polis"): 1}
    row = re.search(r"^\| verify-code .*$", report.whole([verify, code], results, queries, [], 0), re.MULTILINE)
    assert row is not None
    assert row[0].count("0.25 (0.25–0.25)") == 3


def test_the_document_has_a_place_for_each_report() -> None:
    for place in ("bench", "lists"):
        assert docs.between(report.PAGE.read_text(), place)


def test_lists_are_told_page_by_page_and_judged_by_the_worst() -> None:
    quick = Asked(Page("cities", "page 1", ("",)), [10.0] * 100, [[1.0, 2.0], [1.0, 99.9], [500.0]])
    late = Asked(Page("apps", "state 1", ("",)), [20.0] * 94 + [301.0] * 6, [[1.0, 2.0, 3.0]])
    text = report.lists([quick, late], 1_000_000)
    assert "| cities | page 1 | 10 | 10 | 10 | 2 | 99.9 |" in text
    assert "| apps | state 1 | 20 | 301 | 301 | 3 | 3.0 |" in text
    assert "- p95 301 ms at most (apps, state 1), target < 300: missed" in text
    assert "- no query above 99.9 ms (cities, page 1), target < 100: met" in text
