"""The server without its limit of commands per session, so that a race is run by as many as it takes."""

import sys

from server.cli.__main__ import main
from server.live import sight

sight.BURST = sight.COMMANDS_PER_SECOND = 100_000
sys.exit(main(sys.argv[1:]))
