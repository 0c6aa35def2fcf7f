"""The exact engine: marks and a rule set in, places with explanations out. No database, no web, no clock."""
