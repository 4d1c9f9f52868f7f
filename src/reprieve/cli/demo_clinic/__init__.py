"""The demonstration clinic: invented people at every stage, made through the services that real use goes through."""
