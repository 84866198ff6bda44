"""What became of a number of requests."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What became of a number of requests."""

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def add(self, outcome: str, seconds: float) -> None:
        self.outcomes[outcome] += 1
        if outcome == "right":
            self.seconds.append(seconds)

    @property
    def asked(self) -> int:
        return sum(self.outcomes.values())

    @property
    def right(self) -> int:
        return self.outcomes["right"]

    @property
    def wrong(self) -> int:
        """Answers that were given and are not the one that patient gets."""
        return sum(times for outcome, times in self.outcomes.items() if outcome.startswith("wrong"))

    @property
    def refused(self) -> int:
        """Connections that were never taken on: nobody listens any more."""
        return self.outcomes["refused"]

    @property
    def turned_away(self) -> int:
        """Requests that were answered 503 by a server about to end."""
        return self.outcomes["turned away"]

    @property
    def lost(self) -> int:
        """Requests that were taken on and got no answer, or not in time."""
        return self.asked - self.right - self.wrong - self.refused - self.turned_away

    def milliseconds(self, share: float) -> float:
        """The time within which that share of the right answers came."""
        ordered = sorted(self.seconds) or [float("nan")]
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]
