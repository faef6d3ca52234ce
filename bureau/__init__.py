"""Who we are and what we share: courts, windows, teams, staff, roles, calendar, clock, the event record, long jobs."""
