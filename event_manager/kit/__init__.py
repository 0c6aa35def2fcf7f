"""Domain-free tools: the unit of work, errors, access, jobs, HTTP, database. Holds no word of contests."""
