"""From a regimen to a dated plan, and what happens when a session moves."""
