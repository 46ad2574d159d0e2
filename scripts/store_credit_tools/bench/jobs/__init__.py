"""What jobs promise about speed."""
