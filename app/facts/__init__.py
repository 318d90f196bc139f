"""What follows from the episode: prepared facts, each with its inputs, unit and source. Unknown stays unknown."""
