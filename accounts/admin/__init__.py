"""The super-console's own parts: lists without a count, pages of governed things, the audit trail.

Nothing here writes a state, an owner or a secret by a form field: every change is a verb of the executor's.
"""
