"""Pages of courses, orders and second checks."""
