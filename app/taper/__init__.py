"""How to come down: dose levels, their dates, tablets, gates and totals. Never up, never below the floor."""
