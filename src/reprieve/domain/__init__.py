"""The therapy as pure values: no clock, file, network, framework or English sentence in here."""
