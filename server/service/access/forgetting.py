"""What is kept no longer than its purpose asks, forgotten once a day (S86, S91)."""

from server.service.access import audit, devices
from server.store.writer import Writer

WRITE_SECONDS = 60.0


def forget_what_is_over(writer: Writer, now: int) -> str:
    """Delete acts older than 184 days and sessions that ended a month ago; return what went, in one sentence."""
    acts = writer.submit(lambda unit: audit.prune(unit, now)).result(WRITE_SECONDS)
    sessions = writer.submit(lambda unit: devices.forget_sessions(unit, now)).result(WRITE_SECONDS)
    return f"清除过期的操作记录{acts}条、登录记录{sessions}条"
