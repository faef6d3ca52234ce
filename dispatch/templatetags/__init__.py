"""Filters of the command centre's pages."""
