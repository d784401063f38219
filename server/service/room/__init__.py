"""The live room on the writer's thread."""
