"""Tests, laid out like the rooms; on real PostgreSQL and real Redis."""
