"""Tables, transactions and the queries on them; the same code for SQLite and PostgreSQL."""
