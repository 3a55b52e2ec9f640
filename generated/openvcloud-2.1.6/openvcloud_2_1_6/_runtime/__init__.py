"""What a client does on the wire: `requests` and the standard library only, copied byte for byte into every SDK.

Modules that import requests begin with a comment for mypy. Releases of requests before 2.34 have no types, and a user
without a stub package for them must see no error of ours.
"""
