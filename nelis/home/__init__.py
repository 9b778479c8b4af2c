"""The pages that compose the rest: home, standard pages, governance, news, events."""
