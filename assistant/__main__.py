"""`python -m assistant` is `call-assistant`."""

from assistant.cli import main

raise SystemExit(main())
