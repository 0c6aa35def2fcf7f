"""Why a transformation cannot be kept, or gave nothing to send."""


class ExpressionRefused(ValueError):
    """An expression cannot be used; the message says where it goes wrong and what to change."""


class TransformFailed(ValueError):
    """An expression gives nothing to send for this message; the message says why. Trying again will not help."""
