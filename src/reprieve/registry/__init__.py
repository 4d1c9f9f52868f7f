"""What leaves the clinic: de-identified rows, their store, and the measures asked of it."""
