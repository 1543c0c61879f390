package desk

import (
	"reflect"
	"slices"
	"strings"
)

// OfferBook is a desk's offer as its people see it.
type OfferBook struct {
	Reckoned  *Recalculation // the newest reckoning of deadlines, nil without any
	Published OfferVersion
	Draft     *OfferDraft    // nil where nobody is changing it, or the reader may not
	Versions  []OfferVersion // the newest ones, without their content
	InUse     map[string]int // customers whose agreements name each type, today or later
	Language  string         // the desk's
}

// Mark tells this state of the offer from every other.
func (b OfferBook) Mark() DraftMark {
	if b.Draft == nil {
		return DraftMark{Version: b.Published.Version}
	}
	return DraftMark{b.Published.Version, b.Draft.Revision, b.Draft.UpdatedAt.UnixMicro()}
}

// Offer is the draft's, else the published one.
func (b OfferBook) Offer() Offer {
	if b.Draft != nil {
		return b.Draft.Content
	}
	return b.Published.Content
}

// Begin is the draft, or one that begins from what is published.
func (b OfferBook) Begin() OfferDraft {
	if b.Draft != nil {
		return *b.Draft
	}
	return OfferDraft{BasedOn: b.Published.Version, Revision: 1, Content: b.Published.Content}
}

// Says tells that the offer says already what a draft does.
func (b OfferBook) Says(d OfferDraft) bool { return sameOffer(b.Offer(), d.Content) }

// Stale tells a draft that began as another version than the one published now.
func (b OfferBook) Stale() bool { return b.Draft != nil && b.Draft.BasedOn != b.Published.Version }

// Changes is what publishing the draft would change.
func (b OfferBook) Changes() []OfferChange { return CompareOffers(b.Published.Content, b.Offer()) }

// Changed tells a draft that there is something to publish of.
func (b OfferBook) Changed() bool {
	return b.Draft != nil && !sameOffer(b.Published.Content, b.Draft.Content)
}

// Uses is how many customers have a type, or one that it succeeds.
func (b OfferBook) Uses(key string) int { return b.Offer().uses(key, b.InUse) }

func (o Offer) uses(key string, inUse map[string]int) int {
	n := 0
	for used, customers := range inUse {
		if o.Current(used) == key {
			n += customers
		}
	}
	return n
}

// Publish makes the draft the next version. Errors: Invalid on "note" and where
// customers have a type that is gone; InvalidOffer.
func (b OfferBook) Publish(note string, who ID) (OfferVersion, error) {
	return b.next(OfferVersion{Content: b.Draft.Content}, note, who)
}

// Bring makes an earlier version the next one. Errors: as Publish.
func (b OfferBook) Bring(v OfferVersion, note string, who ID) (OfferVersion, error) {
	return b.next(OfferVersion{Content: v.Content, RestoredFrom: v.Version}, note, who)
}

func (b OfferBook) next(v OfferVersion, note string, who ID) (OfferVersion, error) {
	if faults := v.Content.Check(b.Language); len(faults) > 0 {
		return v, InvalidOffer{faults}
	}
	v.Version, v.Note, v.PersonID = b.Published.Version+1, cleanText(note), who
	var p Problems
	p.Text("note", v.Note, 1, MaxVersionNote)
	for key, customers := range b.InUse {
		if _, ok := v.Content.Type(v.Content.Current(key)); !ok {
			p.Add("", "error.offer.type_gone", "Name", b.nameOf(key), "Customers", customers)
		}
	}
	return v, p.Err()
}

func (b OfferBook) nameOf(key string) Text {
	if t, ok := b.Published.Content.Type(b.Published.Content.Current(key)); ok {
		return t.Name
	}
	return Text{"fr": key}
}

// sameOffer compares what is said; that a list is empty or missing says the same.
func sameOffer(a, b Offer) bool {
	return len(CompareOffers(a, b)) == 0 && reflect.DeepEqual(heads(a), heads(b))
}

// heads is what a comparison does not name: successors.
func heads(o Offer) map[string]string {
	out := map[string]string{}
	for k, v := range o.Successors {
		out[k] = v
	}
	return out
}

// InvalidOffer is an offer that cannot be published as it is: every fault with
// its place.
type InvalidOffer struct{ Faults []OfferFault }

// OfferFault is one thing wrong with a part of an offer: "type" or "hours" with
// its key, "prices" or "general".
type OfferFault struct {
	Part, Key string
	Name      Text
	Problem
}

func (e InvalidOffer) Error() string {
	var texts []string
	for _, f := range e.Faults {
		texts = append(texts, f.Part+" "+f.Key+": "+f.Field+" ("+f.Problem.Key+")")
	}
	return "invalid offer: " + strings.Join(texts, ", ")
}

// Current is the type that a key of today or of earlier stands for: the type
// itself, or who took its place.
func (o Offer) Current(key string) string {
	for range len(o.Successors) + 1 {
		if _, there := o.Type(key); there {
			return key
		}
		next, ok := o.Successors[key]
		if !ok {
			return key
		}
		key = next
	}
	return key
}

// PutType puts a type in the place of the one that has its key, or adds it.
func (o *Offer) PutType(t SupportType) {
	o.Types = put(o.Types, t, func(x SupportType) bool { return x.Key == t.Key })
}

// PutHours puts a calendar in the place of the one that has its key, or adds it.
func (o *Offer) PutHours(c OfferCalendar) {
	o.Calendars = put(o.Calendars, c, func(x OfferCalendar) bool { return x.Key == c.Key })
}

func put[T any](list []T, v T, same func(T) bool) []T {
	list = slices.Clone(list)
	if i := slices.IndexFunc(list, same); i >= 0 {
		list[i] = v
		return list
	}
	return append(list, v)
}

// RemoveType takes a type out; a successor takes over its customers and, where it
// was the default, that. Errors: ErrNotFound; Invalid on "successor" for a type
// that customers have, or the default, without one.
func (o *Offer) RemoveType(key, successor string, inUse map[string]int) error {
	t, ok := o.Type(key)
	if !ok {
		return ErrNotFound
	}
	if _, there := o.Type(successor); successor != "" && (!there || successor == key) {
		return NewInvalid("successor", "error.choose")
	}
	if n := o.uses(key, inUse); successor == "" && n > 0 {
		return NewInvalid("successor", "error.offer.type_used", "Customers", n)
	}
	if successor == "" && o.Default == key {
		return NewInvalid("successor", "error.offer.type_default")
	}
	o.Types = slices.DeleteFunc(slices.Clone(o.Types), func(x SupportType) bool { return x.Key == t.Key })
	if successor == "" {
		return nil
	}
	if o.Default == key {
		o.Default = successor
	}
	successors := heads(*o)
	successors[key] = successor
	o.Successors = successors
	return nil
}

// ShiftType moves a type down by some places, up for less than 0. Errors:
// ErrNotFound.
func (o *Offer) ShiftType(key string, by int) error {
	at := slices.IndexFunc(o.Types, func(t SupportType) bool { return t.Key == key })
	if at < 0 {
		return ErrNotFound
	}
	t, rest := o.Types[at], slices.Delete(slices.Clone(o.Types), at, at+1)
	o.Types = slices.Insert(rest, min(max(at+by, 0), len(rest)), t)
	return nil
}

// RemoveHours takes a calendar out. Errors: ErrNotFound; Invalid on "removal"
// while a type goes by it.
func (o *Offer) RemoveHours(key string) error {
	if _, ok := o.Hours(key); !ok {
		return ErrNotFound
	}
	if users := o.UsersOf(key); len(users) > 0 {
		return NewInvalid("removal", "error.offer.hours_used", "Name", users[0])
	}
	o.Calendars = slices.DeleteFunc(slices.Clone(o.Calendars), func(c OfferCalendar) bool { return c.Key == key })
	return nil
}

// UsersOf names the types that go by a calendar, for their clocks, a contact
// method or who gives them.
func (o Offer) UsersOf(calendar string) []Text {
	var names []Text
	for _, t := range o.Types {
		if t.Calendar == calendar ||
			slices.ContainsFunc(t.Givers, func(g Giver) bool { return g.Calendar == calendar }) ||
			slices.ContainsFunc(t.Contacts, func(c ContactMethod) bool { return c.Calendar == calendar }) {
			names = append(names, t.Name)
		}
	}
	return names
}
