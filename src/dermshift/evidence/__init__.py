"""How far a result can be trusted: what each patient, chance and the number of patients have to do with it."""
