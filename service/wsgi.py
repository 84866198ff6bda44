"""The application as a WSGI server finds it."""

import sys

from rules import RuleSetError
from service import create_app

try:
    app = create_app()
except RuleSetError as error:
    sys.exit(f"Not started, since the rule sets are not fit to serve:\n{error}")
