"""Calls to the outside world: one guarded HTTP client for webhooks and everything else a tenant may point somewhere.

`Guard` says which addresses may be connected to, `parse_url` which URLs may be saved, `Sender` sends.
"""
