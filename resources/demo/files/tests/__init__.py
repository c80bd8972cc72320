"""Makes the project's root importable for the tests, however pytest is started."""
