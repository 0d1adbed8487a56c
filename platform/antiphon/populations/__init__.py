"""Populations, generations, individuals, lineage, breeding and exports."""
