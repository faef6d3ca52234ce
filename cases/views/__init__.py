"""Pages of the room: lists and the case page; acts on one case."""
