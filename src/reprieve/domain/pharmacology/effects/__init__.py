"""What ketamine does: pointwise effects after the linear kinetics, each with how well it is known."""
