"""A meeting before it opens: its plan, its notice, the call."""
