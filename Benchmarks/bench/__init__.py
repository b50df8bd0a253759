"""Runs the library beside its peers, and writes what came of it."""
