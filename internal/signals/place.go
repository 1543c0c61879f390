package signals

// Place is the first place that a text names, as the lexicon spells it: an Azure
// region ("westeurope"), a country ("france") or a geography ("europe"). It is ""
// where the text names none.
func Place(text string) string { return placeIn(regionLexicon.find(split(text))).name }
