"""What every test stands on, however pytest was started."""

import os

from tests.shape.tree import ROOT

# run.py sets this for the server; without a font of its own a process that draws text ends inside Pango.
os.environ["FONTCONFIG_FILE"] = str(ROOT / "web" / "static" / "fonts" / "fonts.conf")
