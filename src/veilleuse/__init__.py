"""veilleuse: a pilot light for a company's social accounts."""
