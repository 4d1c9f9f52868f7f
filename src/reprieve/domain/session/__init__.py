"""One dosing session as a list of events; everything else about it is a fold of that list."""
