"""The dishonest list (失信被执行人名单) as a life cycle: admission, days, publication, sanctions.

Pure: facts and days in, answers out; nothing here reads a store.
"""
