"""Who may call, through which doors and how often, and how clients prove who they are."""
