"""The tools with which we run our machines on OpenvCloud 2.2.6."""

from .session import Session as Session
from .session import admin_portal as admin_portal
from .session import open_portal as open_portal
