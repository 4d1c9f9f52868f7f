"""The Django project: the shell that remembers, shows and guards."""
