"""The front of house at five windows: filing and the receipt."""
