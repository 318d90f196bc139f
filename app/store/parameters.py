"""How a row becomes the parameters of a statement: one name a column, the tenant the same for all."""

from typing import Any

from sqlalchemy import Insert, Table, bindparam, insert


def insertion(table: Table) -> Insert:
    """Return the statement that writes one row; every column that the database does not fill is a parameter."""
    names = [column.name for column in table.c if column.server_default is None]
    return insert(table).values({name: parameter(table, name) for name in names})


def parameter(table: Table, column: str) -> Any:
    """Return the parameter of a column: its own name and type, but one tenant owns all rows of a statement."""
    name = column if column == "tenant_id" else f"{table.name}_{column}"
    return bindparam(name, type_=table.c[column].type)
