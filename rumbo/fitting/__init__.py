"""The corridor fitted to the record, and what each lever did according to it.

Imports run and what lies below it.
"""
