"""Marks, entries and judges from CSV and XLSX files; results as tables, CSV, HTML and JSON."""
