"""Pages by seed, and how many of them are read: the score sheet of `make reading`. See docs/reading.md.

Written by what such sites are like, not by what the reader does: nothing here takes a word list from `tracker.pages`.
"""
