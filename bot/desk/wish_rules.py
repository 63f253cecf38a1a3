"""The rules by which a term for days is read, in the order in which they are tried."""

from __future__ import annotations

from bot.desk.wish_ahead import read_ahead, read_beside, read_near, read_within
from bot.desk.wish_dates import read_date
from bot.desk.wish_feasts import read_feast
from bot.desk.wish_weekdays import read_nth_weekday, read_weekday
from bot.desk.wish_weeks import (
    read_part_of_month,
    read_part_of_week,
    read_two_weeks,
    read_week_of,
    read_weekend,
)

RULES = (
    read_beside,
    read_within,
    read_ahead,
    read_near,
    read_feast,
    read_nth_weekday,
    read_weekday,
    read_date,
    read_week_of,
    read_two_weeks,
    read_part_of_week,
    read_part_of_month,
    read_weekend,
)
"""What says more stands before what says less."""
