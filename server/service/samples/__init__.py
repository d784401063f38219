"""Invented communities and halls, held by the rules."""
