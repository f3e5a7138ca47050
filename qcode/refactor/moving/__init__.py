"""Symbols and modules go elsewhere; imports follow."""
