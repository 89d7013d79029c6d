"""Who is told what: mail, reminders, calendar feeds."""
