"""会议纪要: the record folded from the log, its draft in words, the public edition's rules."""
