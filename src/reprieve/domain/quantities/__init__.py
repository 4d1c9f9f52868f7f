"""Units, sources, findings and time spans that every room of the domain shares."""
