"""The life of an enterprise in the register: registered, suspended, closed, back again."""
