"""Find, load, fetch, save and identify the pinned releases below specs/."""
