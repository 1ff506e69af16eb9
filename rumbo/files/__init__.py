"""The ground: faults, tables read with every fault, files that are whole, digests of the code.

Imports nothing of the package.
"""
