"""From any sheet of orders to clean order lines, with a ledger of every row set aside."""
