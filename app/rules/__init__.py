"""What we ask: pure functions by clinical question over prepared facts and cited knowledge."""
