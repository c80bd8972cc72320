"""A todo list service with user accounts: Python's standard library and one SQLite file."""

__version__ = "1.0.0"
