"""The floor: values and readers that several rooms need. It imports no other room."""
