"""The money held for each case: one escrow account per case, and its way to the applicant."""
