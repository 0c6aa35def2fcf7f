"""Bodies of another shape than ours: a tenant's own JMESPath expression, or a ready template for a chat tool."""
