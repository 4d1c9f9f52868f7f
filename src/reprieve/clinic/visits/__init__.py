"""Dosing sessions at the chair: the event log, the live record, alarms, discharge and the printed record."""
