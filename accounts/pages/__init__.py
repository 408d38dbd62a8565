"""What the pages of both consoles are made of: what a verb asks for, what it will do, how things are shown."""
