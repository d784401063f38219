"""Carries a wish out: transactions around the rules, the clock and the ids."""
