"""Why a command stops, as one sentence for the terminal; known to every command and importing nothing."""


class CannotServe(Exception):
    """Why the server cannot start; its text is the sentence for the terminal, the exit status 2."""


class NotDone(Exception):
    """Why a command failed, as a sentence; exit status 2 for a wrong call, else 1."""
