"""What browsers report against the content policy: counted in the log, without addresses of people (S74)."""

import logging
import re

from flask import Blueprint, request

from server.pages.context import sent_json, services
from server.pages.limits import allowance

log = logging.getLogger(__name__)
blueprint = Blueprint("policy_reports", __name__)
MOST_A_MINUTE, MINUTE_MS = 10, 60_000
_DIRECTIVE = re.compile(r"[a-z-]{1,40}")


@blueprint.post("/csp")
def take_report() -> tuple[str, int]:
    """Note which directive was broken; whatever else a report says is not kept, and nothing is answered."""
    request.environ["CONTENT_TYPE"] = "application/json"
    sent = sent_json()
    report = sent.get("csp-report") if isinstance(sent, dict) else None
    directive = (
        report.get("effective-directive", report.get("violated-directive"))
        if isinstance(report, dict)
        else ""
    )
    found = _DIRECTIVE.match(directive) if isinstance(directive, str) else None
    if found and allowance("policy reports", MOST_A_MINUTE, MINUTE_MS).count("", services().clock()):
        log.warning("a page broke its content policy: %s", found[0])
    return "", 204
