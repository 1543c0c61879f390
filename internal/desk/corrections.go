package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guichet/internal/rules"
)

// Correction is a person's word on a fact of a ticket. The newest of a fact
// holds; one without a value takes back what was said before.
type Correction struct {
	ID         ID
	TicketID   ID
	CustomerID ID
	PersonID   ID
	Fact       Known
	CreatedAt  time.Time
}

// Corrected is a correction with its author's name.
type Corrected struct {
	Correction
	AuthorName string
}

// Limits of what a person says of a fact.
const (
	MaxFactText  = 200
	MaxFactItems = 20
	maxFactCount = 1_000_000
)

// Correctable tells the facts that a person may set right: not the words of the
// ticket, which are as the customer wrote them, and not what the hint made of them.
func Correctable(f rules.Fact) bool {
	return !slices.Contains([]string{"subject", "text", "words"}, f.Name) && !OfHint(f.Name)
}

// OfHint tells the facts that are the learned hint's alone.
func OfHint(fact string) bool {
	return strings.HasPrefix(fact, hintPrefix) || fact == likelyPartner || fact == likelyMicrosoft
}

// CorrectableFacts lists them by name.
func CorrectableFacts() []rules.Fact {
	return slices.DeleteFunc(slices.Clone(declared), func(f rules.Fact) bool { return !Correctable(f) })
}

// NewCorrection reads what a person says of a fact, as a form gives it: true or
// false, a number, a text, or a list parted by commas. Errors: Invalid on "fact"
// or "value".
func NewCorrection(k Ticket, who ID, fact, value string, now time.Time) (Correction, error) {
	f, err := correctable(fact)
	if err != nil {
		return Correction{}, err
	}
	v, err := typedFact(f, clean(value))
	return Correction{ID: NewID(), TicketID: k.ID, CustomerID: k.CustomerID, PersonID: who, Fact: Known{Name: fact, Value: v}, CreatedAt: now}, err
}

// TakeBack lets what was read of a fact hold again. Errors: Invalid on "fact".
func TakeBack(k Ticket, who ID, fact string, now time.Time) (Correction, error) {
	_, err := correctable(fact)
	return Correction{ID: NewID(), TicketID: k.ID, CustomerID: k.CustomerID, PersonID: who, Fact: Known{Name: fact}, CreatedAt: now}, err
}

func correctable(fact string) (rules.Fact, error) {
	f, known := FactNamed(fact)
	if !known || !Correctable(f) {
		return f, NewInvalid("fact", "error.choose")
	}
	return f, nil
}

// typedFact gives a value the type that its fact has in conditions.
func typedFact(f rules.Fact, text string) (any, error) {
	switch f.Type {
	case rules.Bool:
		if text != "true" && text != "false" {
			return nil, NewInvalid("value", "error.choose")
		}
		return text == "true", nil
	case rules.Int:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 || n > maxFactCount {
			return nil, NewInvalid("value", "error.whole_number")
		}
		return n, nil
	case rules.List:
		return factItems(text)
	}
	var p Problems
	if len(f.Values) > 0 {
		p.OneOf("value", text, f.Values...)
	} else {
		p.Text("value", text, 0, MaxFactText)
	}
	return text, p.Err()
}

func factItems(text string) ([]string, error) {
	items := []string{}
	for _, item := range strings.Split(text, ",") {
		if item = clean(item); item != "" && !slices.Contains(items, item) {
			items = append(items, item)
		}
	}
	var p Problems
	p.Text("value", text, 0, MaxFactItems*MaxFactText)
	if len(items) > MaxFactItems || slices.ContainsFunc(items, func(s string) bool { return utf8.RuneCountInString(s) > MaxFactText }) {
		p.Add("value", "error.too_many", "Most", MaxFactItems)
	}
	return items, p.Err()
}

// SetRight is what people said of a ticket's facts, as triage takes it.
func SetRight(list []Correction) map[string]any {
	values := make(map[string]any, len(list))
	for _, c := range list {
		if c.Fact.Value != nil {
			values[c.Fact.Name] = c.Fact.Value
		}
	}
	return values
}
