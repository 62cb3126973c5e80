"""Upload and replace photos: forms, results, tickets, and the journal."""
