"""``/metrics`` for Prometheus: for programs on this machine, or with a token."""

from ipaddress import ip_address

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST

from server.domain.refusal import RefusalCode
from server.pages.context import services
from server.service.refused import refused
from server.service.upkeep.condition import condition_if_any

blueprint = Blueprint("metrics", __name__)
# A proxy on this machine asks from loopback too; whom it asks for stands in one of these.
_FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")


@blueprint.get("/metrics")
def show_metrics() -> Response:
    """Answer in Prometheus' text format; NOT_ALLOWED to anybody else."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not (_is_local() or services().metrics.is_token(given)):
        raise refused(RefusalCode.NOT_ALLOWED)
    now = services().clock()
    condition = condition_if_any(services().upkeep, now)
    return Response(services().metrics.render(condition, now), content_type=CONTENT_TYPE_LATEST)


def _is_local() -> bool:
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
