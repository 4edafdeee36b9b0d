"""Measurements of the service, side by side with others; see docs/performance.md."""
