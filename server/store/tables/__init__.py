"""Every table, gathered so that migrations and ``create_all`` see the whole schema."""

from server.store.tables import access, areas, audit, meetings, minutes, schedule, tasks, topics
from server.store.tables.registry import Row

metadata = Row.metadata

__all__ = ["access", "areas", "audit", "meetings", "metadata", "minutes", "schedule", "tasks", "topics"]
