"""Which rounds count: those in which no reference strayed."""

from tests.bench import measure
from tests.bench.load import Measured, together
from tests.bench.measure import Lane, Round

POLIS, RAW = Lane(1_000, 16, "verify", "polis"), Lane(1_000, 16, "verify", "raw-sql")
DRF = Lane(1_000, 16, "verify", "bare-drf")


def a_round(raw: float, polis: float = 100, drf: float = 50) -> Round:
    return {lane: Measured(rate, 1.0, 2.0) for lane, rate in ((POLIS, polis), (RAW, raw), (DRF, drf))}


def test_a_reference_may_be_a_quarter_off_its_median() -> None:
    calm = [a_round(100), a_round(100), a_round(125), a_round(75)]
    assert measure.steady(calm) == calm


def test_a_round_in_which_one_was_farther_off_does_not_count() -> None:
    fast, slow, calm = a_round(126), a_round(100, drf=37), a_round(100)
    assert measure.steady([calm, fast, slow, calm]) == [calm, calm]


def test_polis_has_no_say_in_which_rounds_count() -> None:
    rounds = [a_round(100, polis=100), a_round(100, polis=1), a_round(100, polis=1_000)]
    assert measure.steady(rounds) == rounds


def test_of_no_round_none_counts() -> None:
    assert measure.steady([]) == []


def test_it_says_who_strayed_and_how() -> None:
    rounds = [a_round(100, polis=1), a_round(100), a_round(20)]
    assert measure.strays(rounds) == [
        "raw-sql strayed from its median by more than 25% at verify, 1,000 rows, 16 connections: 100/s, 100/s, 20/s"
    ]


def test_passes_together_have_the_mean_rate_and_the_median_of_their_times() -> None:
    passes = [Measured(100, 1.0, 5.0), Measured(200, 2.0, 6.0), Measured(600, 9.0, 70.0)]
    assert together(passes) == Measured(300, 2.0, 6.0)
