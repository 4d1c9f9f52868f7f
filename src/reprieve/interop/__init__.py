"""Formats of other systems, read into our values and written from them."""
