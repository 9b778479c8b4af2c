"""What every page shares: page base, blocks, media, users, settings, navigation, search."""
