"""The orders template, the workbook theme, and their builders."""
