"""What speaks against a proposed regimen, order or taper. A rule that finds nothing approves nothing."""
