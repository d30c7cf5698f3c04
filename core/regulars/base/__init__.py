"""What every floor above uses: errors, units, facts, settings, files. It imports nothing of ours."""
