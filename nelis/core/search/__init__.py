"""Search over everything public: one index of entries, filled from pages and snippets."""
