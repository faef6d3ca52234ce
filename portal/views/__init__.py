"""Pages of the public process, one module per concern; no session, a signed cookie for a quarter of an hour."""
