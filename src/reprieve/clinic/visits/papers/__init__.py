"""Papers of a session, set with Typst."""
