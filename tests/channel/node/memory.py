"""A store without a disk."""

import sqlite3

from detente.channel.store import Store


def memory_store() -> Store:
    store = Store(sqlite3.connect(":memory:", isolation_level=None))
    store.create()
    return store
