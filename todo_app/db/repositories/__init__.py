"""The queries, one module per noun; each repository is bound to one user, so none can forget to be."""
