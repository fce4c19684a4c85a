"""The small protocols the services own. Adapters fulfil them; only bootstrap knows which."""

from veilleuse.ports.alerts import AlertStore
from veilleuse.ports.audit import AuditStore
from veilleuse.ports.care import CareStore, ChargeStore, ExaminationStore, TaskStore
from veilleuse.ports.content import ContentFile, ContentSource, FileUnreadable, ImageChanged, Scan
from veilleuse.ports.drops import DropPlace, DropRefused
from veilleuse.ports.letters import LetterStore
from veilleuse.ports.looks import Guard, LookStore
from veilleuse.ports.machine import Clock, Heartbeat, Ids, ServiceManager
from veilleuse.ports.networks import (
    Answering,
    Billing,
    Examining,
    Exposing,
    Hiding,
    Network,
    Networks,
    Pinning,
    Tracing,
)
from veilleuse.ports.people import Notifier, NotifyFailed
from veilleuse.ports.plans import PlanStore
from veilleuse.ports.posts import ApprovalStore, PostStore
from veilleuse.ports.storage import Marker, Spool, Store
from veilleuse.ports.storage_errors import (
    AnotherDaemon,
    AttemptRefused,
    DatabaseMissing,
    PostChanged,
    SchemaNewer,
    SchemaOlder,
    StoreUnavailable,
    StoreUnfit,
)
from veilleuse.ports.vetoes import VetoStore

__all__ = [
    "AlertStore",
    "AnotherDaemon",
    "Answering",
    "ApprovalStore",
    "AttemptRefused",
    "AuditStore",
    "Billing",
    "CareStore",
    "ChargeStore",
    "Clock",
    "ContentFile",
    "ContentSource",
    "DatabaseMissing",
    "DropPlace",
    "DropRefused",
    "ExaminationStore",
    "Examining",
    "Exposing",
    "FileUnreadable",
    "Guard",
    "Heartbeat",
    "Hiding",
    "Ids",
    "ImageChanged",
    "LetterStore",
    "LookStore",
    "Marker",
    "Network",
    "Networks",
    "Notifier",
    "NotifyFailed",
    "Pinning",
    "PlanStore",
    "PostChanged",
    "PostStore",
    "Scan",
    "SchemaNewer",
    "SchemaOlder",
    "ServiceManager",
    "Spool",
    "Store",
    "StoreUnavailable",
    "StoreUnfit",
    "TaskStore",
    "Tracing",
    "VetoStore",
]
