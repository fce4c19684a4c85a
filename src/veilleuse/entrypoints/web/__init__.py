"""The status page: who looks sees how each account stands; who signs in may act. Imported only where it is served."""
