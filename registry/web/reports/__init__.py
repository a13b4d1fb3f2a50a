"""The official report to take along, tables of two attributes, and the planner."""
