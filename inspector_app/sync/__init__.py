"""Wire format and rules of the exchange; knows no database and no screen."""
