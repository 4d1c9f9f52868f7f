"""What monitors send: the MLLP gateway, every message kept, and the quarantine that a person sees."""
