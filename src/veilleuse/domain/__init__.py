"""The rules of the house: values in, values out. No I/O, no clock, no randomness."""
