"""What is known of each evaluation, read from its declaration: printed tables, cells, labels."""
