"""``/healthz`` for probes (CONTRACT, HTTP)."""

from flask import Blueprint, Response, current_app, jsonify

from server.pages.context import services
from server.service.health import database_answers

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def show_health() -> Response:
    """Answer 200 with version, database and number of workers, or 503 with the reason."""
    database = services().database
    if not database_answers(database):
        response = jsonify(status="failed", reason="the database does not answer")
        response.status_code = 503
        return response
    return jsonify(
        status="ok",
        version=services().version,
        database=database.kind,
        workers=current_app.config.get("COUNCIL_WORKERS", 1),
    )
