"""Scoring: exact tabulation of judges' marks, rule sets, result documents."""
