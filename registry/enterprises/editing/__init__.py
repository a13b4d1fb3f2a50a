"""Writing the rows of one record as an officer has edited them, each row by its identity."""
