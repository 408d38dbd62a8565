"""Pure rules: no models, no REST framework, no queries. Everything above may import it."""
