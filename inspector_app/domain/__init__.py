"""The words of the law: frozen facts and pure functions, standard library only."""
