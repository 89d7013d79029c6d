"""What has a holder and must change hands: accounts, domains, vendors, filings, customers, documents, equipment."""
