"""The application as a WSGI server finds it."""

import sys

from rules import RuleSetError
from service import create_app
from service.api_keys import KeyFileError
from service.tracing import TracingError
from service.trust_file import TrustFileError

try:
    app = create_app()
except RuleSetError as error:
    sys.exit(f"Not started, since the rule sets are not fit to serve:\n{error}")
except (KeyFileError, TrustFileError, TracingError) as error:
    sys.exit(f"Not started: {error}")
