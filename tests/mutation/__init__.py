"""Mutation testing of the rules and the taper: one change of the code at a time, and does a test notice it?"""
