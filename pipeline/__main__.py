"""``python -m pipeline`` is the command ``fristbrev``."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
