"""What the record holds, as FHIR R4 resources for other programs of a clinic."""
