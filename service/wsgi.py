"""The application as a WSGI server finds it."""

from service import create_app

app = create_app()
