package desk

import "time"

// Words are what the partner says to customers of an issue or an incident, by
// language ("fr", "en").
type Words map[string]Wording

// Wording is what the partner says in one language, each part free to be empty.
type Wording struct {
	Title     string `json:"title,omitempty"`
	Sees      string `json:"sees,omitempty"`      // what the customer sees
	Known     string `json:"known,omitempty"`     // what is known
	Meanwhile string `json:"meanwhile,omitempty"` // what helps until it is over
}

// Said tells whether there is anything.
func (w Wording) Said() bool { return w != Wording{} }

// In is the wording of a language, or of the other one where only that exists.
func (w Words) In(language string) (Wording, bool) {
	if x := w[language]; x.Said() {
		return x, true
	}
	for _, l := range []string{"fr", "en"} {
		if x := w[l]; x.Said() {
			return x, true
		}
	}
	return Wording{}, false
}

// WordsForm is what the partner says of an issue or an incident, as its form holds
// it.
type WordsForm struct {
	Words   Words
	Next    *time.Time // when he says more
	BadNext bool       // typed but not a date
	Public  bool
}

// Limits of a wording, in characters.
const (
	MaxWordsTitle = 120
	MaxWording    = 2_000
)

// clean keeps what is said in the portal's languages, and tells what is too long,
// by field and language ("title_fr").
func (w Words) clean() (Words, Problems) {
	out := Words{}
	var p Problems
	for _, l := range []string{"fr", "en"} {
		x := Wording{Title: clean(w[l].Title), Sees: cleanText(w[l].Sees), Known: cleanText(w[l].Known), Meanwhile: cleanText(w[l].Meanwhile)}
		p.Text("title_"+l, x.Title, 0, MaxWordsTitle)
		p.Text("sees_"+l, x.Sees, 0, MaxWording)
		p.Text("known_"+l, x.Known, 0, MaxWording)
		p.Text("meanwhile_"+l, x.Meanwhile, 0, MaxWording)
		if x.Said() {
			out[l] = x
		}
	}
	return out, p
}
