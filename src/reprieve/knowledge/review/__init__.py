"""Looks over the knowledge files as a careful colleague would: what is missing, impossible or contradicts itself?"""
