"""A floor of busy chairs for `vital_to_page.py`: who sits there, the monitors that send, the pages that listen."""
