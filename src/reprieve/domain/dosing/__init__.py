"""From a weighed person to a checked order: dosing weight, dose, dilution, pump rate, limits, second calculation."""
