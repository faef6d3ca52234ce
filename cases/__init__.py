"""The case file: parties, claims, stages, hand-overs and the timeline."""
