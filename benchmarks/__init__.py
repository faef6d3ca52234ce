"""Each benchmark is a ratio against a named limit or peer, both measured in one run."""
