"""Loads the content that the site starts with, from the YAML files under each app's ``content/``."""

from nelis.home.content_loader.load import check, load
from nelis.home.content_loader.report import ContentError, Outcome, Problem, Report

__all__ = ["ContentError", "Outcome", "Problem", "Report", "check", "load"]
