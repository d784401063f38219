"""Under which names this house may be asked for: a page fetched under a stranger's name is none of ours (S79)."""

import re
from ipaddress import ip_address

from flask import Flask, Response, current_app, request

from server.pages.failures import Words, show_failure

# Balancers ask for it by whatever name they know the machine.
FOR_ANY_NAME = frozenset({"/healthz"})
_PORT = re.compile(r":[0-9]{1,5}$")


def install_hosts(app: Flask) -> None:
    """Check the name of every request before anything else; ``COUNCIL_HOSTS`` in the configuration holds our names."""
    app.before_request(check_host)


def check_host() -> Response | None:
    """Refuse names that are not ours. An address is no name: only names can be made to point here by a stranger."""
    if request.path in FOR_ANY_NAME or is_ours(request.host, current_app.config["COUNCIL_HOSTS"]):
        return None
    advice = "请用代表证、通知上印的网址打开；还打不开，请告诉管理员。"
    return show_failure(400, Words("这个网址不是本议事厅的", advice, "HOST_UNKNOWN"))


def is_ours(host: str, names: frozenset[str]) -> bool:
    """Tell whether a Host header names this house: one of its names, or any address."""
    name = _PORT.sub("", host).lower().rstrip(".")
    if name in names:
        return True
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
