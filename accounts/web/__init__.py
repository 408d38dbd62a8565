"""The one way in by browser, for both consoles: django-allauth's pages over our own people, passwords and counters."""
