"""Imports of files of statistics: each read row by row into one form, compared with what is held, then approved."""
