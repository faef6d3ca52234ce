"""The command centre: verify, split simple from complex, assign."""
