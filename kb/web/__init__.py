"""The pages: parse, one call, answer; HTML for people, fragments for htmx."""
