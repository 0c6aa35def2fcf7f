"""What is sent to webhooks, described for programs: an AsyncAPI document, and the webhooks of the OpenAPI document."""
