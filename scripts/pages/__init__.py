"""Pages and files that are made from the package: ``python -m scripts.pages``."""
