"""The runtime of every client: HTTP, logins and errors.

It uses `requests` and the standard library only, and is copied unchanged into every SDK. Modules that import requests
begin with a comment for mypy: releases of requests before 2.34 have no types, and users without a stub package must not
see errors in our files.
"""
