"""`python -m crawler` is `muragat`."""

from crawler.cli import main

if __name__ == "__main__":
    main()
