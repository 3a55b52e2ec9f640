"""The whole flow, joined up: a source becomes a spec, a spec an API, and that a client, an SDK or a comparison."""
