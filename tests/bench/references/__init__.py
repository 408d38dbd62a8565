"""What somebody would write who needs these calls alone: no authentication, no permission, no audit trail.

Three of them, on the same tables: a ModelViewSet, views with the ORM, views with one statement each. They answer what
Polis answers, so far as a column holds it.
"""
