"""What would another dose, time, start or route do? Curves and effects to look at; nothing is stored or ordered."""
