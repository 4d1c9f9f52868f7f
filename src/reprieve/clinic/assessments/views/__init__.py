"""Pages of intake, decision, plan, letter and self-check."""
