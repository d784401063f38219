"""A matter on its way: topics, tasks and the file of both."""
