"""Projects in the super-console, and companies, whose pages show what they hold."""
