"""`python -m event_manager` is the command line."""

from event_manager.cli import main

if __name__ == "__main__":
    main()
