"""The pages for people: the same knowledge and the same answers, entered and read without writing JSON."""

from flask import Flask

from service.people import knowledge_pages, language, views

views.blueprint.register_blueprint(knowledge_pages.blueprint)


def register(app: Flask) -> None:
    """Give the application its pages, and them their languages."""
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    language.register(app)
    app.register_blueprint(views.blueprint)
