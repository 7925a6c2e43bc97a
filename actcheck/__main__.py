"""``python -m actcheck``."""

from actcheck.cli import main

if __name__ == "__main__":
    main()
