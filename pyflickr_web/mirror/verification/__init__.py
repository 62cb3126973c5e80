"""The parts of `verify`: check each file, judge the results, and keep the findings for the next sync."""
