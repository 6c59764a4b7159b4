"""What the first run makes: Apprise URLs from what a person has at hand, QR codes, the config's text. No terminal, no disk."""
