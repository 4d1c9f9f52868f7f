"""Courses of treatment: the dated plan, the order for each session, and its independent second check."""
