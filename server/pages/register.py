"""Every blueprint of the pages, registered in one table."""

from importlib import import_module

from flask import Flask

from server.pages.csrf import install_csrf
from server.pages.failures import install_failures
from server.pages.rendering import install_rendering

# Modules of this floor that carry a ``blueprint``.
PAGES = ("rooms", "health", "accounts", "home", "public_topics")


def register_pages(app: Flask) -> None:
    """Install words, tokens, failures and every page."""
    install_rendering(app)
    install_csrf(app)
    install_failures(app)
    for name in PAGES:
        app.register_blueprint(import_module(f"server.pages.{name}").blueprint)
