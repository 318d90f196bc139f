"""The words: frozen models of the contract, used on the wire and in the core alike."""
