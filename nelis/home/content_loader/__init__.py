"""Loads the content that the site starts with, from the YAML files under each app's ``content/``."""

from nelis.home.content_loader.load import check, load
from nelis.home.content_loader.problems import ContentError, Problem
from nelis.home.content_loader.report import Outcome, Report

__all__ = ["ContentError", "Outcome", "Problem", "Report", "check", "load"]
