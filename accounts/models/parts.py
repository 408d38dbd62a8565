"""A part of a name, found among a million: by its pairs of characters, of which PostgreSQL has an index.

A trigram index begins at three characters, and a word of Chinese has two. SQLite reads the names, as it always has.
"""

from typing import Any

from django.db.migrations import RunPython
from django.db.models import Lookup
from django.db.models.lookups import Contains

from accounts.models.thing import KeyField

# The pairs that begin at an odd place, and those that begin at an even one: no name holds a comma. Of one expression
# alone, so that it is inlined, and costs a name some microseconds. A last character by itself does no harm.
_FUNCTION = """
CREATE OR REPLACE FUNCTION polis_name_parts(name text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_to_array(regexp_replace(name, '(..)(?=.)', '\\1,', 'g'), ',')
        || string_to_array(regexp_replace(substr(name, 2), '(..)(?=.)', '\\1,', 'g'), ',')
$$
"""


def parts_of(text: str) -> list[str]:
    """Pairs of its characters, each character in one: those between tell little more, and cost as much."""
    return sorted({text[at : at + 2] for at in (*range(0, len(text) - 1, 2), len(text) - 2) if at >= 0})


@KeyField.register_lookup
class HasParts(Lookup):
    """Has the pairs of a text of two characters and more, in whatever order: what holds the text is among these."""

    lookup_name = "has_parts"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return Contains(self.lhs, self.rhs).as_sql(compiler, connection)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"polis_name_parts({column}) @> %s::text[]", [*params, parts_of(self.rhs)]


def make_function() -> RunPython:
    """For a migration: what the index is an index of."""
    return _on_postgres([_FUNCTION], ["DROP FUNCTION polis_name_parts(text)"])


def index_names(table: str) -> RunPython:
    """For a migration that is not atomic: a table's index, made while the table is written to."""
    make = make_index(table).replace("INDEX", "INDEX CONCURRENTLY IF NOT EXISTS", 1)
    # How often each pair is there is what the planner goes by.
    return _on_postgres([make, f'ANALYZE "{table}"'], [f"DROP INDEX CONCURRENTLY IF EXISTS {name_of(table)}"])


def name_of(table: str) -> str:
    """What a table's index is called."""
    return f'"{table}_name_parts"'


def make_index(table: str) -> str:
    """The statement. Without a list of what is pending: nobody who writes waits until others' entries are sorted in."""
    return f'CREATE INDEX {name_of(table)} ON "{table}" USING gin (polis_name_parts(name_key)) WITH (fastupdate = off)'


def _on_postgres(forwards: list[str], backwards: list[str]) -> RunPython:
    def run(statements: list[str]) -> Any:
        def code(registry: Any, schema_editor: Any) -> None:
            if schema_editor.connection.vendor == "postgresql":
                for statement in statements:
                    schema_editor.execute(statement)

        return code

    return RunPython(run(forwards), run(backwards))
