"""CDS Hooks: what another record system asks of Reprieve while somebody works there."""
