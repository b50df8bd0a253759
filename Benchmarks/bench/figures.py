"""Reads results.json: medians, ratios and their spread."""

import dataclasses
import statistics

from .sides import KINDS


@dataclasses.dataclass(frozen=True)
class Spread:
    """The median of the rounds, and between what the middle half of them lies."""

    median: float
    low: float
    high: float


def spread(values):
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median, low, high)


class Figures:
    def __init__(self, results):
        self.parts = results["parts"]
        self.rounds = results["rounds"]
        self.machine = results.get("machine", {})
        self.missing = results.get("missing", {})

    def rounds_of(self, part, row, side, measure="time"):
        """What each round gave, or None where it was not measured."""
        return self.parts.get(part, {}).get(row, {}).get(side, {}).get(measure)

    def sides(self, part, row):
        return list(self.parts.get(part, {}).get(row, {}))

    def value(self, part, row, side, measure="time"):
        values = self.rounds_of(part, row, side, measure)
        return spread(values) if values else None

    def ratio(self, part, row, side, peer, measure="time"):
        """Of the two in the same round: what slows one round slows both."""
        values = self.rounds_of(part, row, side, measure)
        peers = self.rounds_of(part, row, peer, measure)
        if not values or not peers:
            return None
        return spread([value / other for value, other in zip(values, peers)])


def label(key):
    return KINDS[key].label if key in KINDS else key


def language(key):
    return KINDS[key].language if key in KINDS else ""


def three_digits(number):
    """As many decimals as make three digits; never more digits than were measured."""
    if number == 0:
        return "0"
    decimals = 2 if abs(number) < 10 else 1 if abs(number) < 100 else 0
    return f"{number:,.{decimals}f}"


def duration(nanoseconds):
    for unit, size in (("ns", 1), ("µs", 1e3), ("ms", 1e6)):
        if nanoseconds < 1000 * size:
            return f"{three_digits(nanoseconds / size)} {unit}"
    return f"{three_digits(nanoseconds / 1e9)} s"
