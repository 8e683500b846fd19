"""One file per verb; each holds one function of the verb's name, imported when the verb is used."""
