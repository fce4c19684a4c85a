"""One baton, many threads: of all that lives in a simulated world, exactly one thing runs at a time.

Tasks are threads because the services are plain synchronous code; they yield only where they call a port. Whoever
waits runs the world's next event himself, or hands the baton to the task whose turn it is: the order of everything
depends on the seed alone.
"""

import heapq
import threading
from collections.abc import Callable
from datetime import datetime
from itertools import count


class Crash(BaseException):
    """This incarnation is dead: no `except Exception` of the program may hear of it."""


class Task:
    """A thread that runs only while it holds the baton."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.dead = False  # killed: every port refuses
        self.over = False  # its thread has ended
        self.gate = threading.Semaphore(0)
        self.turn = 0  # the wake-up it waits for; an older one is void


class Baton:
    """The clock of the world, and the order of everything in it. `now` is aware UTC."""

    def __init__(self, start: datetime) -> None:
        self.now = start
        self.failure: BaseException | None = None
        self._main = Task("main")
        self._heap: list[tuple[datetime, int, Callable[[], None] | None, Task, int]] = []
        self._numbers = count()
        self._threads: list[tuple[Task, threading.Thread]] = []

    def at(self, when: datetime, event: Callable[[], None]) -> None:
        """Let something happen then."""
        heapq.heappush(self._heap, (max(when, self.now), next(self._numbers), event, self._main, 0))

    def start(self, task: Task, body: Callable[[], None]) -> None:
        """Let the task begin now; it gets the baton in its turn."""
        thread = threading.Thread(target=self._live, args=(task, body), name=task.name, daemon=True)
        self._threads = [(each, of) for each, of in self._threads if not each.over]
        self._threads.append((task, thread))
        self.wake(task)
        thread.start()

    def wake(self, task: Task, when: datetime | None = None) -> None:
        """Its turn comes then (now, if not said); an earlier call is void."""
        task.turn += 1
        heapq.heappush(self._heap, (max(when or self.now, self.now), next(self._numbers), None, task, task.turn))

    def sleep(self, task: Task, until: datetime) -> None:
        """Called by a task: give the baton away until then. Raises Crash if it was killed meanwhile."""
        if until < self.now:
            until = self.now
        if self._heap and self._heap[0][0] <= until:
            self.wake(task, until)
            self._pass_on(task)
        else:
            self.now = until
        if task.dead:
            raise Crash

    def kill(self, task: Task) -> None:
        """It runs once more, only to unwind."""
        if not task.dead and not task.over:
            task.dead = True
            self.wake(task)

    def fail(self, failure: BaseException) -> None:
        """The world ends here; only the first failure counts."""
        self.failure = self.failure or failure

    def run(self, until: datetime) -> None:
        """Called by the main thread: let the world live until then. Raises what `fail` was given."""
        self.wake(self._main, until)
        self._pass_on(self._main)
        if self.failure is not None:
            raise self.failure

    def close(self) -> None:
        """End every thread, one after the other."""
        self.failure = self.failure or Crash()
        for task, thread in self._threads:
            task.dead = True
            if not task.over:
                task.gate.release()
                thread.join()

    def _live(self, task: Task, body: Callable[[], None]) -> None:
        task.gate.acquire()
        try:
            if not task.dead:
                body()
        except Crash:
            pass
        except BaseException as failure:
            self.fail(failure)
        task.over = True
        if not isinstance(self.failure, Crash):
            self._pass_on(task)

    def _pass_on(self, task: Task) -> None:
        """Run the world until it is this task's turn again; at its end, until somebody else's."""
        while self.failure is None:
            when, _, event, whose, turn = heapq.heappop(self._heap)
            if event is None and (whose.over or turn != whose.turn):
                continue
            self.now = max(self.now, when)
            if event is not None:
                try:
                    event()
                except BaseException as failure:
                    self.fail(failure)
            elif whose is task:
                return
            else:
                self._hand_to(whose, task)
                return
        if task is not self._main and not isinstance(self.failure, Crash):
            self._hand_to(self._main, task)

    def _hand_to(self, other: Task, task: Task) -> None:
        other.gate.release()
        if not task.over:
            task.gate.acquire()
