from nelis.progress.models.targets import TargetIndexPage, TargetPage

__all__ = ["TargetIndexPage", "TargetPage"]
