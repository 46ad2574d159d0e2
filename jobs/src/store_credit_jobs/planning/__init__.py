"""From a file of rows to a sealed plan. Nothing here sends anything but GET."""
