"""Freezes of one account or asset by several courts: who stands where, what each holds, until when.

A pure model (`model`), the longest terms by kind of property (`terms`), and a ledger of the orders
in the records (`ledger`). No I/O but the figures shipped with the law.
"""
