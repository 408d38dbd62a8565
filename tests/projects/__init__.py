"""Projects: the CloudRoom dialect, the default project, and rotation."""
