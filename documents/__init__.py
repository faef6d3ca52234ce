"""The papers of a case: materials received at filing and later."""
