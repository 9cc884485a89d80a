"""How figures are drawn and written: no reading, no analysis."""
