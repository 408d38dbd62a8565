"""The seven invariants (domain.md §5), each by its number; the rest of the suite holds them in their particulars."""
