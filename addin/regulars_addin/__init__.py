"""The ribbon, live Excel and live LibreOffice."""
