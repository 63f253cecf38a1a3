"""What the desk's deeds need from outside, a file for each room that needs it."""

from bot.desk.ports.channels import Addresses, ChannelUnit, Passes, Updates
from bot.desk.ports.console import (
    Audit,
    InsightCounts,
    InsightUnit,
    Misses,
    MissUnit,
    Notes,
    Search,
    SearchUnit,
    StaffUnit,
)
from bot.desk.ports.diary import (
    Bookings,
    Correspondence,
    Diary,
    Feeds,
    FeedUnit,
    FrontDesk,
    HoursChanges,
    Waitlist,
)
from bot.desk.ports.record import WholeRecord
from bot.desk.ports.screening import Screenings, ScreeningUnit
from bot.desk.ports.talk import (
    Conversations,
    Handoffs,
    Letters,
    StaffRecord,
    Talk,
)

__all__ = [
    "Addresses",
    "Audit",
    "Bookings",
    "ChannelUnit",
    "Conversations",
    "Correspondence",
    "Diary",
    "FeedUnit",
    "Feeds",
    "FrontDesk",
    "Handoffs",
    "HoursChanges",
    "InsightCounts",
    "InsightUnit",
    "Letters",
    "MissUnit",
    "Misses",
    "Notes",
    "Passes",
    "ScreeningUnit",
    "Screenings",
    "Search",
    "SearchUnit",
    "StaffRecord",
    "StaffUnit",
    "Talk",
    "Updates",
    "Waitlist",
    "WholeRecord",
]
