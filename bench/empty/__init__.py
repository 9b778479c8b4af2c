"""The page that does nothing: what Wagtail itself costs."""
