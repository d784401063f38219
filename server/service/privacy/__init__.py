"""What is stored about one person: found, given out, erased where the law allows (S86–S90)."""
