"""The papers of a case: materials received, documents issued, their service, and the file of all of them."""
