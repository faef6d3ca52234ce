"""The debtor's property: found, controlled, priced, sold, handed over; as yet what is controlled, and until when."""
