"""The API of the room: its papers, and the versions of its templates with the log of seals."""
