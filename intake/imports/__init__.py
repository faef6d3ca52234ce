"""Filings that come as data instead of typed: a sheet of many, or one from a program."""
