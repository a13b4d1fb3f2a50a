"""The official report, made from a release or from any point."""
