"""Evidence: photos taken in with their original bytes, and the encrypted vault that keeps every file."""
