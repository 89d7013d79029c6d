"""Search: an own query language, analysis for Chinese and English, own ranking over an index that Whoosh writes."""
