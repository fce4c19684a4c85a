"""One use case a file: what the house does, told through its ports."""
