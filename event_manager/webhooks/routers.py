"""All addresses of webhooks, in the order in which they are matched."""

from event_manager.webhooks import api, api_deliveries, api_documents, api_feed, api_replays, api_secrets, api_tests

ROUTERS = (
    api.router,
    api_secrets.router,
    api_deliveries.router,
    api_tests.router,
    api_replays.router,
    api_feed.router,
    api_documents.router,
)
