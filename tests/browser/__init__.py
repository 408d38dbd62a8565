"""What people do with a browser, done by a real one: Chromium before a server on a socket."""
