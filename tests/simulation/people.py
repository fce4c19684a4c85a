"""The people of the company: they write posts, change their minds, post by hand, delete, stop, answer the phone."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.simulation.folder import Page
from tests.simulation.ledger import Timeline
from tests.simulation.weather import DAY, HOUR, MINUTE
from veilleuse.domain.attempt import Attempt, Outcome
from veilleuse.domain.doubt import BLOCKS_FOR
from veilleuse.domain.post import Post, Source
from veilleuse.services import resolve

if TYPE_CHECKING:
    from tests.simulation.world import World

WORDS = ("l'été", "Noël", "la cave & l'atelier", "un café ?", "nos horaires", "l'équipe", "merci à tous")
SYLLABLES = tuple(f"{a}{b}" for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "ou", "é ", "in "))
CROWDED = 12  # posts in a file: then the old ones are taken out
MEDDLES = 0.05
LIVES = 0.12  # of what people do, where accounts hibernate and say farewell
WONDERS = 0.3
LOW = 3  # approved posts left that nobody tried: then somebody writes more
SETTLES = timedelta(minutes=70)  # what a change of the folder may cost, until the oracle looks again


@dataclass(slots=True)
class People:
    world: "World"
    written: int = 0

    def begin(self) -> None:
        for page in self.world.folder.pages.values():
            self._write(page, self.world.random.randint(0, 12))
        self._next()

    def _next(self) -> None:
        world = self.world
        span = world.random.expovariate(1 / (world.idleness / timedelta(hours=1)))
        world.baton.at(world.baton.now + timedelta(hours=span), self._act)

    def _act(self) -> None:
        world = self.world
        if world.calm:
            return
        page = world.random.choice(list(world.folder.pages.values()))
        timeline = world.timelines[page.account]
        acts = (
            (10, lambda: self._write_if_few(page)),
            (8, lambda: self._by_hand(timeline)),
            (4, lambda: self._paste(page, timeline)),
            (6, lambda: self._edit(page)),
            (4, lambda: self._withdraw(page)),
            (4, lambda: self._approve_or_not(page)),
            (2, lambda: self._whole_file(page)),
            (2, lambda: self._break(page)),
            (3, lambda: self._stop(page)),
            (5, lambda: self._on_the_network(timeline)),
            (1, world.restore_backup),
        )
        if world.lives is not None and world.random.random() < LIVES:
            world.lives.act(page.account)
            self._next()
            return
        weights, choices = zip(*acts, strict=True)
        world.random.choices(choices, weights)[0]()
        self._next()

    # --- writing ---

    def _write(self, page: Page, count: int) -> None:
        if page.broken:
            return
        world = self.world
        if len(page.posts) > CROWDED:
            page.posts = dict(list(page.posts.items())[-CROWDED:])
        for _ in range(count):
            self.written += 1
            post = self._a_post(page, self.written)
            page.posts[post.id] = post
        world.say("people", f"{page.path}: {count} posts written")
        self._touch(page)

    def _write_if_few(self, page: Page) -> None:
        if len(self.world.sayable(page.account, self.world.baton.now)) < 2 * LOW:
            self._write(page, self.world.random.randint(1, 8))

    def _a_post(self, page: Page, number: int) -> Post:
        random, now = self.world.random, self.world.baton.now
        text = self._words(number)
        kind = random.random()
        fields: dict[str, Any] = {}
        if kind < 0.1:
            fields = {"not_before": now + random.random() * 20 * DAY}
        elif kind < 0.2:
            fields = {"not_after": now + random.uniform(1, 30) * DAY}
        elif kind < 0.3:
            fields = {"link": f"https://acme.example/p/{number}"}
        elif kind < 0.4:
            fields = {"image": self.world.folder.add_image(f"image {number}"), "alt": "une image"}
        elif kind < 0.4 + self.world.reserves:
            fields = {"reserve": True, "reserve_gap": random.choice((6, 20)) * DAY}
        return Post(
            account=page.account,
            id=f"p{number}",
            named=random.random() < 0.5,
            text=text,
            source=Source(file=page.path, line=number),
            order=(page.path, number),
            approved_by=None if random.random() < 0.15 else "claire",
            priority=random.choice((0, 0, 0, 1)),
            **fields,
        )

    def _words(self, number: int) -> str:
        """Never nearly the same twice: then the program asks for an id, and rightly."""
        made = "".join(self.world.random.choices(SYLLABLES, k=12))
        return f"{self.world.random.choice(WORDS)} {made} {number}"

    def _edit(self, page: Page) -> None:
        """A new text under the same id, sometimes only a draft again."""
        if (post := self._some(page)) is not None:
            self.written += 1
            text = self._words(self.written)
            edited = replace(post, text=text, approved_by=self.world.random.choice(("claire", None)))
            if not post.named:  # its id came from its text
                edited = replace(edited, id=f"p{self.written}")
            page.posts = {each.id: each for each in (edited if p is post else p for p in page.posts.values())}
            self.world.say("people", f"{post.ref} is edited")
            self._touch(page)

    def _approve_or_not(self, page: Page) -> None:
        if (post := self._some(page)) is not None:
            page.posts[post.id] = replace(post, approved_by=None if post.approved_by else "claire")
            self.world.say("people", f"{post.ref} is {'a draft again' if post.approved_by else 'approved'}")
            self._touch(page)

    def _withdraw(self, page: Page) -> None:
        """Taken out; now and then it comes back."""
        if (post := self._some(page)) is not None:
            del page.posts[post.id]
            self.world.say("people", f"{post.ref} is taken out of {page.path}")
            self._touch(page)
            if self.world.random.random() < 0.5:
                self._later(lambda: self._put_back(page, [post]))

    def _whole_file(self, page: Page) -> None:
        if page.broken:
            return
        posts, page.posts = list(page.posts.values()), {}
        self.world.say("people", f"{page.path} is emptied")
        self._touch(page)
        self._later(lambda: self._put_back(page, posts))

    def _put_back(self, page: Page, posts: list[Post]) -> None:
        if page.broken:
            self._later(lambda: self._put_back(page, posts))
            return
        page.posts = {post.id: post for post in posts} | page.posts
        self.world.say("people", f"{len(posts)} posts are back in {page.path}")
        self._touch(page)

    def _break(self, page: Page) -> None:
        page.broken = True
        self.world.say("people", f"{page.path} is saved half written")
        self._touch(page)

        def mend() -> None:
            page.broken = False
            self.world.say("people", f"{page.path} is mended")
            self._touch(page)

        self._later(mend)

    def _some(self, page: Page) -> Post | None:
        """Mostly one of those about to be said."""
        posts = list(page.posts.values())
        if not posts or page.broken:
            return None
        fresh = [post for post in posts if not self.world.was_tried(post)]
        return self.world.random.choice(fresh[:2] or posts)

    def _touch(self, page: Page) -> None:
        self.world.folder.touch(page, self.world.baton.now)
        self.world.excuse(page.account, SETTLES, "its file changes")
        self.world.wake_all()

    def meddle(self, attempt: Attempt) -> None:
        """Now and then at the worst moment, between deciding and sending; somebody else's sync takes it in at once."""
        world = self.world
        page = world.folder.pages[f"{attempt.account}.toml"]
        post = page.posts.get(attempt.post_id)
        if world.calm or post is None or page.broken or world.random.random() > MEDDLES:
            return
        if world.random.random() < 0.5:
            page.posts[post.id] = replace(post, text=self._words(self.written), approved_by=post.approved_by)
        else:
            page.posts[post.id] = replace(post, approved_by=None)
        world.say("people", f"{post.ref} is changed at the last moment")
        self._touch(page)
        world.sync_beside()

    # --- on the network ---

    def _by_hand(self, timeline: Timeline) -> None:
        self.written += 1
        timeline.append(f"Nous voilà, {self.written}", self.world.baton.now)
        self.world.say("people", f"post by hand on {timeline.account}")

    def wonder(self, account: str) -> None:
        """Whoever waits for a post and sees none writes one by hand: something new that is not the one in doubt."""
        if self.world.random.random() < WONDERS:
            self._later(lambda: self._by_hand(self.world.timelines[account]))

    def _paste(self, page: Page, timeline: Timeline) -> None:
        approved = [post for post in page.posts.values() if not self.world.was_tried(post)]
        if approved and timeline.standing:
            post = self.world.random.choice(approved[:2])
            timeline.append(timeline.spec.compose(post.text, post.link), self.world.baton.now)
            self.world.say("people", f"{post.ref} is pasted on the network by hand")

    def _on_the_network(self, timeline: Timeline) -> None:
        recent = [standing for standing in timeline.standing[-3:] if standing.gone_at is None]
        if recent:
            standing = self.world.random.choice(recent)
            act = self.world.random.choice((timeline.edit, timeline.delete))
            act(standing, self.world.baton.now)
            self.world.say("people", f"{timeline.account}: {act.__name__} {standing.remote_id} on the network")

    # --- stopping ---

    def _stop(self, page: Page) -> None:
        world = self.world
        account = world.random.choice((page.account, ""))
        if account in world.folder.stop_files:
            return
        world.folder.stop_files[account] = world.baton.now
        world.say("people", f"STOP for {account or 'all'}")

        def thaw() -> None:
            world.folder.stop_files.pop(account, None)
            world.say("people", f"STOP for {account or 'all'} is taken away")
            self._stops_changed(account)

        self._stops_changed(account)
        self._later(thaw)

    def _stops_changed(self, account: str) -> None:
        self.world.folder.changed_at = self.world.baton.now
        self.world.excuse(account or None, SETTLES, "a STOP file")
        self.world.wake_all()

    # --- answering the phone ---

    def answer(self, title: str, body: str) -> None:
        """Somebody reads it within a day, and does what it says."""
        if self.world.random.random() < 0.8:
            self._later(self._do_what_is_needed, longest=DAY)

    def _do_what_is_needed(self) -> None:
        world = self.world
        for page in world.folder.pages.values():
            if len(world.sayable(page.account, world.baton.now + DAY)) < LOW and world.random.random() < 0.7:
                self._write(page, 6)
        for account in world.accounts:
            self._resolve(account)

    def _resolve(self, account: str) -> None:
        """With `veilleuse resolve`: a human looks at the account and says what is true."""
        world, configured = self.world, self.world.accounts[account]
        now, timeline = world.baton.now, world.timelines[account]
        for doubt in resolve.evidence(world.store, configured, now):
            attempt = doubt.attempt
            if attempt.outcome is not Outcome.HELD or now < attempt.created_at + BLOCKS_FOR:
                continue
            live = next((s for s in timeline.ours() if s.key == attempt.key and s.recognisable(now)), None)
            world.say("people", f"{attempt.ref} is resolved: {'live' if live else 'not live'}")
            with suppress(resolve.CannotResolve):
                if live is None:
                    resolve.not_published(world.store, configured, doubt, "claire", now)
                else:
                    said = resolve.published(world.store, configured, doubt, str(live.remote_id), "claire", now)
                    world.proof_kept(said, "database")
        if world.store.state(account).gap_at is not None:
            self._look_through(account)
        world.wake_all()

    def _look_through(self, account: str) -> None:
        """What was said by hand while nobody could read it is taken out of the files."""
        world, page = self.world, self.world.folder.pages[f"{account}.toml"]
        if page.broken:
            return
        said = {standing.text for standing in world.timelines[account].standing}
        for post in list(page.posts.values()):
            if not post.reserve and not said.isdisjoint(text for text, _, _ in world.folder.said(post)):
                del page.posts[post.id]
        self._touch(page)
        world.sync_beside()
        resolve.gap_answered(world.store, world.accounts[account], "somebody", world.baton.now)
        world.say("people", f"{account}: the part of the timeline that could not be read is looked through")

    def read_short(self, account: str) -> None:
        """Whatever a short read may have hidden, somebody looks within a day."""
        self.world.excuse(account, DAY + 4 * HOUR, "a read is short")
        self._later(lambda: self._resolve(account), longest=DAY)

    def _later(self, act: object, longest: timedelta = 3 * DAY) -> None:
        span = self.world.random.choice((MINUTE, HOUR, longest)) * self.world.random.random()
        self.world.baton.at(self.world.baton.now + span, act)  # type: ignore[arg-type]
