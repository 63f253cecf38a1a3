"""Meridian: a conversational front desk for acupuncture clinics."""
