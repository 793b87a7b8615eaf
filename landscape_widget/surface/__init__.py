"""What is known so far, and what to ask next; knows numpy only."""
