"""The page: what is known, what a person saw, and a few buttons. No scripts, no build step."""
