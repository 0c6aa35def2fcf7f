"""The demo: a fictional organisation with a festival under way, made by the product's own services."""

from event_manager.demo.run import run_demo

__all__ = ["run_demo"]
