"""Version 1 of the REST contract. Changes are additive only."""
