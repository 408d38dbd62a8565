"""When two kinds of answers are said to take the same time."""

from random import Random

import pytest

from tests.bench.timing import Block, compare


def blocks(second: float, noise: float, number: int = 200) -> list[Block]:
    """Medians around 500 µs, and around so many for the second kind."""
    random = Random(1)
    return [{"a": random.gauss(500, noise), "b": random.gauss(second, noise)} for _ in range(number)]


@pytest.mark.parametrize(
    ("second", "noise", "verdict"),
    [
        (500, 10, "same"),
        (495, 10, "same"),  # 1 % may be
        (470, 10, "different"),
        (530, 10, "different"),
        (485, 10, "unclear"),  # right at what may be
        (500, 200, "unclear"),
    ],
)
def test_a_verdict_is_given_where_it_is_sure(second: float, noise: float, verdict: str) -> None:
    assert compare(blocks(second, noise), "a", "b").verdict == verdict


def test_more_blocks_make_it_surer() -> None:
    assert compare(blocks(500, 40, 20), "a", "b").verdict == "unclear"
    assert compare(blocks(500, 40, 500), "a", "b").verdict == "same"


def test_what_slows_a_whole_block_is_no_difference() -> None:
    slowed = [
        {kind: micros * (1 + turn % 5) for kind, micros in block.items()} for turn, block in enumerate(blocks(500, 5))
    ]
    assert compare(slowed, "a", "b").verdict == "same"
