"""Who may do what: roles, permissions, the one policy table and its evaluator."""
