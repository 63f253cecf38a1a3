"""One function per deed of the front desk; knows no framework."""
