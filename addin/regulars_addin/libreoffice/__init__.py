"""LibreOffice Calc as a live program: an engine for xlwings over LibreOffice's own bridge.

`attach(port)` gives an app of xlwings for a LibreOffice that listens; `soffice.start()` starts one.
"""
