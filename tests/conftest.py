"""What every test stands on, however pytest was started."""

import os

from hypothesis import HealthCheck, settings

from tests.shape.tree import ROOT

# run.py sets this for the server; without a font of its own a process that draws text ends inside Pango.
os.environ["FONTCONFIG_FILE"] = str(ROOT / "web" / "static" / "fonts" / "fonts.conf")

# The same examples in every run of the suite, however busy the machine; `LAWS=thorough` looks much further.
settings.register_profile("suite", derandomize=True, deadline=None, database=None, max_examples=100)
settings.register_profile(
    "thorough", deadline=None, max_examples=5000, suppress_health_check=list(HealthCheck)
)
settings.load_profile(os.environ.get("LAWS", "suite"))
