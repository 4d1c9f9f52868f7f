"""HL7 v2 messages: framing on the wire, reading, answering. One module a message."""
