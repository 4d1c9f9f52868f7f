"""Kinetics of racemic ketamine in closed form: one patient for a screen, many virtual ones for a band."""
