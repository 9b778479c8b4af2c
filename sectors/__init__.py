"""The strategy: foundations, challenges, deals, sectors, propositions, projects, organisations."""
