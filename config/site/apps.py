"""The app of the top floor: no models, commands that need every kind."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "config.site"
    label = "polis_site"
