"""Search over everything public: one table of entries, filled from pages and snippets."""
