"""The media-mix model: what channels brought, as a posterior."""
