"""Events, contests, categories, criteria, entries, panels, numbering."""
