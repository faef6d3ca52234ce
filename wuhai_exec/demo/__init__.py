"""The demo bureau: a synthetic organisation and the book of 2021, replayed through the product's own services."""
