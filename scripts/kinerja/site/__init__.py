"""The site: a published file as pages in two languages that open by double click, without a server."""
