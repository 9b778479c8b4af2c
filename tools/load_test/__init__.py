"""A room full of simulated phones on a site of their own, and what the site keeps of what they sent."""
