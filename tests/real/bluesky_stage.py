"""A real Bluesky server as a stage of the contract."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.contracts.stage import RealStage, SteppedClock
from tests.real.bluesky_server import Pds
from veilleuse.adapters.clock import SystemClock
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Kind
from veilleuse.domain.rule import Rule

POST = "app.bsky.feed.post"
_BATCH = 200  # com.atproto.repo.applyWrites


class BlueskyStage(RealStage):
    """A new account. What people post is dated by the stage's clock, what is published by the server's."""

    two_step = True

    def __init__(self, pds: Pds) -> None:
        self.clock = SteppedClock()
        self.pds = pds
        self.person = pds.newcomer()
        self.number = self.person.did
        self.secrets = {"app_password": self.person.app_password("veilleuse")}
        self.account = Account(
            name="acme-bluesky",
            network="bluesky",
            identity=self.person.handle,
            owner="claire",
            rule=Rule(activity=frozenset(Kind)),
            language="fr",
            options={"base_url": pds.url},
        )

    def is_now(self, moment: datetime | None) -> bool:
        return moment is not None and abs(moment - SystemClock().now()) < timedelta(minutes=1)

    def people_post(self, *texts: str) -> None:
        writes = []
        for text in texts:
            self.clock.sleep(60)
            record = {"$type": POST, "text": text, "createdAt": self.clock.at.isoformat()}
            writes.append({"$type": "com.atproto.repo.applyWrites#create", "collection": POST, "value": record})
        for start in range(0, len(writes), _BATCH):
            self.person.do("com.atproto.repo.applyWrites", repo=self.number, writes=writes[start : start + _BATCH])

    def records(self, collection: str = POST) -> list[dict[str, Any]]:
        """What stands there as the server keeps it, oldest first."""
        found: list[dict[str, Any]] = []
        after = None
        while True:
            page = self.person.ask(
                "com.atproto.repo.listRecords",
                repo=self.number,
                collection=collection,
                limit=100,
                reverse="true",
                cursor=after,
            )
            found += page["records"]
            after = page.get("cursor")
            if not page["records"]:
                return found

    def texts(self) -> list[str]:
        return [record["value"]["text"] for record in self.records()]

    def images(self) -> list[tuple[bytes, str | None]]:
        shown = [each for record in self.records() for each in record["value"].get("embed", {}).get("images", ())]
        return [(self.pds.blob(self.number, each["image"]["ref"]["$link"]), each["alt"]) for each in shown]

    def delete(self, remote_id: str) -> None:
        self.person.do("com.atproto.repo.deleteRecord", repo=self.number, collection=POST, rkey=remote_id)

    def somebody_else(self) -> tuple[Mapping[str, str], str]:
        return {"app_password": self.pds.newcomer().app_password("veilleuse")}, ""
