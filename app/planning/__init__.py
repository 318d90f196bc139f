"""The decision: facts, rules and taper brought together into one cited plan."""
