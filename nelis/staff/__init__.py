"""How staff sign in, and what waits for them: second factor, sessions, invitations, dashboard."""
