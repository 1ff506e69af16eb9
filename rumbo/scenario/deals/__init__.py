"""Deals between governments: bundles of settings with dates, a ramp, compliance and sides."""
