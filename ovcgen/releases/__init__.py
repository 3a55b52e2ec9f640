"""The pinned releases below specs/: find, load, fetch and identify them."""
