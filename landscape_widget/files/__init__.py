"""How does a surface get into files that others read, and out of theirs? One format a file."""
