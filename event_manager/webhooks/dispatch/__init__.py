"""The dispatcher: takes waiting deliveries of the endpoints it owns, sends them, records what became of them.

From the bottom: `waiting` (a delivery in memory), `channel` (one endpoint), `slots` and `board` (who may send next),
`ownership` (which endpoints are ours), `queue` and `recording` (SQL), `aftermath` (health, notices), `dispatcher`.
"""
