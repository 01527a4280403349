"""The site: a published file as pages in two languages, opened by double click, serverless."""
