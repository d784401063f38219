"""The standing things an office keeps: areas, councils, parties, the roster."""
