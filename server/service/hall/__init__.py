"""A meeting in a pavilion: this machine's addresses, the codes phones scan, whether a phone got through."""
