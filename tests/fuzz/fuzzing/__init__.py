"""How inputs are damaged, what they were before, and what a reader must do with them."""
