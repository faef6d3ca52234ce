"""What an applicant may see: a masked projection of the case, in a process of its own."""
