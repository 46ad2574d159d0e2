"""A job's progress on a terminal, redrawn in place."""

from __future__ import annotations

from typing import IO, Final, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from store_credit_jobs.cli.summary import counts, progress_line, started_line, waiting_text
from store_credit_jobs.cli.wording import amounts, duration
from store_credit_jobs.engine.events import Event, JobEnded, JobStarted, Progress

__all__ = ["Terminal"]

_NARROW: Final = 80
_PHASES: Final = {"settling": "looking up", "sending": "sending", "checking": "checking"}


class Terminal:
    """Draws rows, amounts, rate, limit and the time left; four times a second, whatever comes in.

    Args:
        stderr: The terminal.
        console: In the place of one on it, for tests.
    """

    def __init__(self, stderr: IO[str], console: Console | None = None) -> None:
        self._console = Console(file=stderr, stderr=True) if console is None else console
        self._last: Progress | None = None
        self._live = Live(
            console=self._console,
            get_renderable=self._render,
            refresh_per_second=4,
            # Ours print whole lines; what others write to stderr is theirs.
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def say(self, line: str) -> None:
        """Print a line above what is drawn."""
        self._console.print(Text(line), soft_wrap=True)

    def show(self, event: Event) -> None:
        """Take note of an event."""
        if isinstance(event, JobStarted):
            self.say(started_line(event))
        elif isinstance(event, Progress):
            self._last = event
        elif isinstance(event, JobEnded):
            # Whoever prints next does so below what was drawn last.
            self._live.stop()

    def _render(self) -> RenderableType:
        event = self._last
        if event is None:
            return Text("")
        if self._console.width < _NARROW:
            return Text(progress_line(event))
        done, told = counts(event.states, event.nothing)
        bar = Table.grid(padding=(0, 1), expand=True)
        for ratio in (None, 1, None, None, None):
            # On a narrow terminal the bar shrinks first.
            bar.add_column(no_wrap=True, ratio=ratio)
        checked = f"{event.checked:,} credits read"
        bar.add_row(
            _PHASES[event.phase],
            ProgressBar(total=max(event.rows, 1), completed=done),
            f"{done:,} of {event.rows:,} rows",
            checked if event.phase == "checking" else f"{event.rate:,.1f} rows/s",
            f"{duration(event.left)} left" if event.left is not None else f"{duration(event.seconds)}",
        )
        lines: list[RenderableType] = [bar, Text("  " + "   ".join(amounts(event.done, event.planned)))]
        notes: list[str | tuple[str, str]] = []
        if event.waiting is not None:
            notes.append((waiting_text(event.waiting, event.waiting_left), "yellow"))
        styles = {"refused": "red", "unknown": "yellow", "held": "magenta"}
        notes += [(f"{number:,} {kind}", styles[kind]) for kind, number in told.items()]
        if notes:
            lines.append(Text("  ") + Text("   ").join(Text.assemble(note) for note in notes))
        return Group(*lines)
