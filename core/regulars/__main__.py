from regulars.cli import entry

entry()
