"""What stood where on a source's listings, and when."""
