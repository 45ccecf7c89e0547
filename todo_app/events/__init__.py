"""How committed events travel from the outbox to whoever acts on them."""
