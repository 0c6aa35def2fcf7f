"""Benchmarks: ratios against a peer or a limit, never absolute claims."""
