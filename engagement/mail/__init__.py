"""Email delivery: every email is queued in an outbox, and workers send from it. See docs/features/email-delivery.md."""
