"""Pure values and rules of deliberation: no Flask, no SQL, no clock, no randomness."""
