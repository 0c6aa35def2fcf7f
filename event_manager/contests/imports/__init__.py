"""Reading lists of entrants from CSV and XLSX files: pure functions, which know no tables of the database."""
