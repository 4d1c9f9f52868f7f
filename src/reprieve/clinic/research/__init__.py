"""The clinic side of the registry: submission of signed sessions and the measures page."""
