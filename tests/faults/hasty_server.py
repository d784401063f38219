"""The server with the one fault the kill test must find: answers go out before the commit, on a slow disk.

It is started in place of ``-m server.cli`` by the negative control and by nothing else.
"""

import sys

from server.cli.__main__ import main
from server.store import writer as store_writer
from tests.faults.flaws import commit_after_answering

store_writer.Writer._commit = commit_after_answering  # type: ignore[method-assign]
sys.exit(main(sys.argv[1:]))
