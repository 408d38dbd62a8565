"""What people are told, the mails about it, and what owners ask of the administrators."""
