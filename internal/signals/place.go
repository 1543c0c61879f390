package signals

// Place is the first place that a text names, as the lexicons spell it: an Azure
// region ("westeurope"), a country ("france") or a geography ("europe"). It is ""
// where the text names none.
func Place(text string) string {
	words := split(clean(clipTo(text, longestSubject)))
	for _, l := range []*lexicon{regionLexicon, morePlaces} {
		if at := placeIn(l.find(words)); at.name != "" {
			return at.name
		}
	}
	return ""
}
