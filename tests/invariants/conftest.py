"""The stage of the routes' tests is where most of them are seen."""

from tests.contract.routes.conftest import stage

__all__ = ["stage"]
