"""Numbers of a page, and the tables they have to come from."""

from shown_numbers.page import Block, Page
from shown_numbers.scope import Scopes
from shown_numbers.tables import Tables

__all__ = ["Block", "Page", "Scopes", "Tables"]
