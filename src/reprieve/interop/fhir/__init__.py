"""FHIR R4: the subset that Reprieve reads, one module a resource."""
