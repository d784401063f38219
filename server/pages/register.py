"""Every blueprint of the pages, registered in one table."""

from importlib import import_module

from flask import Flask

from server.pages.addresses import install_addresses
from server.pages.compression import install_compression
from server.pages.condition import install_condition
from server.pages.csrf import install_csrf
from server.pages.directions import install_directions
from server.pages.failures import install_failures
from server.pages.hall import install_hall
from server.pages.headers import install_headers
from server.pages.hosts import install_hosts
from server.pages.rendering import install_rendering
from server.pages.request_log import install_request_log
from server.pages.staying import install_staying

# Modules of this floor that carry a ``blueprint``.
PAGES = (
    "rooms",
    "plain_phone",
    "health",
    "hall",
    "metrics",
    "join",
    "home",
    "public_topics",
    "public_tasks",
    "notices",
    "accounts",
    "own_account",
    "two_step",
    "policy",
    "policy_reports",
    "privacy",
    "devices",
    "audit",
    "office",
    "areas",
    "roster",
    "topic_inbox",
    "plans",
    "calling",
    "office_tasks",
    "minutes",
    "signing",
    "office_minutes",
)


def register_pages(app: Flask) -> None:
    """Install headers, words, tokens, failures and every page."""
    install_request_log(app)
    install_compression(app)
    install_directions(app)
    install_headers(app)
    install_rendering(app)
    install_hosts(app)
    install_addresses(app)
    install_csrf(app)
    install_hall(app)
    install_condition(app)
    install_staying(app)
    install_failures(app)
    for name in PAGES:
        app.register_blueprint(import_module(f"server.pages.{name}").blueprint)
