"""The bridge to the national case system by file: its daily export, what must be typed there, and what differs."""
