"""The register: from the office's workbook to typed, linked and checked records."""
