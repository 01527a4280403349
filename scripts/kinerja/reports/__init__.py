"""Reports from the finished warehouse, as files for people."""
