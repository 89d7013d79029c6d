"""Search: an own query language, analysis for Chinese and English, a Whoosh index behind few verbs."""
