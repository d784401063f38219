"""The command line (CONTRACT, command line): reads choices, starts what they ask for."""
