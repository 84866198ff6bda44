"""The application as a WSGI server finds it."""

import sys

from service import create_app
from service.unfit import UNFIT, reason

try:
    app = create_app()
except UNFIT as error:
    sys.exit(f"Not started: {reason(error)}")
