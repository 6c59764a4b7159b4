"""Recordings: folders of saved exchanges with the outcome that they must have; each is a test of its adapter."""
