"""The layouts of files that can be read, each in a module of its own, and which of them a file has."""

from nelis.evidence.imports.shapes.detection import detect_shape

__all__ = ["detect_shape"]
