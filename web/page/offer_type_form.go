package page

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// TypeForm is the form of one support type, in the draft.
type TypeForm struct {
	Book      desk.OfferBook
	Key       string // "" for a new one
	At        desk.DraftMark
	Was       desk.SupportType // as the form was made
	Settings  desk.TypeSettings
	Successor string // chosen for the removal
	Conflict  *OfferConflict
	Problems  desk.Problems
	Removal   desk.Problems
}

// TypeFormOf is the form of a type as it stands; the zero type begins a new one.
func TypeFormOf(p *i18n.Printer, b desk.OfferBook, t desk.SupportType) TypeForm {
	f := TypeForm{Book: b, Key: t.Key, At: b.Mark(), Was: t}
	if t.Key == "" {
		t.Languages, t.Contacts, t.Terms.Model = []string{b.Language}, []desk.ContactMethod{{Method: "portal"}}, "included"
		if o := b.Offer(); len(o.Calendars) > 0 {
			t.Calendar = o.Calendars[0].Key
		}
	}
	f.Settings = desk.TypeSettingsOf(t, func(minutes int) string { return span(p, minutes) })
	return f
}

// ReadTypeForm reads what was typed; rows that say nothing are left out.
func ReadTypeForm(v url.Values, b desk.OfferBook, key string) TypeForm {
	f := TypeForm{Book: b, Key: key, At: ReadDraftMark(v.Get("at")), Successor: v.Get("successor")}
	_ = json.Unmarshal([]byte(v.Get("was")), &f.Was) // ours; without it the comparison is the poorer
	s := desk.TypeSettings{Name: readText(v, "name"), Summary: readText(v, "summary"), Calendar: v.Get("calendar"), Services: v["services"], Kinds: v["kinds"],
		Languages: v["languages"], Targets: map[string]string{}, Model: v.Get("model"), Incident: v.Get("incident"), Hour: v.Get("hour"), Monthly: v.Get("monthly"),
		Overage: v.Get("overage"), Step: v.Get("step"), Minimum: v.Get("minimum"), Factors: map[string]string{}}
	for n := range desk.MaxGivers + 1 {
		row := "giver_" + strconv.Itoa(n)
		if g := (desk.Giver{Kind: v.Get(row + "_kind"), Company: v.Get(row + "_company"), Services: v[row+"_services"], Calendar: v.Get(row + "_calendar")}); g.Kind != "" || g.Company != "" {
			s.Givers = append(s.Givers, g)
		}
	}
	for _, m := range desk.ContactMethods {
		if v.Has("contact_" + m) {
			s.Contacts = append(s.Contacts, desk.ContactMethod{Method: m, Value: v.Get("contact_" + m + "_value"), Calendar: v.Get("contact_" + m + "_calendar")})
		}
	}
	for _, i := range desk.Impacts {
		for _, c := range desk.TargetClocks {
			s.Targets[desk.TargetField(i, c)] = v.Get(desk.TargetField(i, c))
		}
	}
	for _, kind := range desk.PriceFactors {
		s.Factors[kind] = v.Get("factor_" + kind)
	}
	f.Settings = s
	return f
}

func readText(v url.Values, name string) desk.Text {
	t := desk.Text{}
	for _, l := range i18n.Langs() {
		t[string(l)] = v.Get(name + "_" + string(l))
	}
	return t
}

// Behind tells who changed the offer meanwhile; saving again saves over it.
func (f TypeForm) Behind() TypeForm {
	f.Conflict, f.At = OfferConflictOf(f.Book), f.Book.Mark()
	f.Conflict.Typed = true
	if _, there := f.Book.Offer().Type(f.Key); f.Key != "" && !there {
		f.Conflict.Gone, f.Key = true, ""
	}
	return f
}

// differences are what changed since the form was made, and what it would change.
func (f TypeForm) differences(p *i18n.Printer) (theirs, yours []offerFact) {
	o := f.Book.Offer()
	now, _ := o.Type(f.Key)
	typed, _ := o.NewType(f.Key, f.Settings, f.Book.Language) // as far as it can be read
	there := typeFacts(p, o, now)
	return compareFacts(typeFacts(p, o, f.Was), there), compareFacts(there, typeFacts(p, o, typed))
}

func (f TypeForm) was() string {
	b, _ := json.Marshal(f.Was)
	return string(b)
}

func (f TypeForm) title(ctx context.Context) string {
	if f.Was.Key == "" {
		return i18n.T(ctx, "offer.new_type")
	}
	return inWords(ctx, f.Was.Name)
}

func (f TypeForm) action(fr Frame) string {
	if f.Key == "" {
		return offerHref(fr, "types")
	}
	return offerHref(fr, "types", f.Key)
}

// contact is what was said of a way to reach the desk.
func (f TypeForm) contact(method string) (c desk.ContactMethod, on bool) {
	i := slices.IndexFunc(f.Settings.Contacts, func(c desk.ContactMethod) bool { return c.Method == method })
	if i < 0 {
		return c, false
	}
	return f.Settings.Contacts[i], true
}

// givers are the rows of who gives the type, and an empty one.
func (f TypeForm) givers() []desk.Giver {
	rows := slices.Clone(f.Settings.Givers)
	if len(rows) < desk.MaxGivers {
		rows = append(rows, desk.Giver{})
	}
	return rows
}

func giverKinds(ctx context.Context) []ui.Option {
	p := i18n.From(ctx)
	out := []ui.Option{{Text: p.T("offer.given_none")}}
	for _, k := range desk.GiverKinds {
		out = append(out, ui.Option{Value: k, Text: p.T("offer.given." + k)})
	}
	return out
}

func priceModels(ctx context.Context) []ui.Option {
	p := i18n.From(ctx)
	var out []ui.Option
	for _, m := range desk.PriceModels() {
		out = append(out, ui.Option{Value: m, Text: p.T("offer.model." + m), Hint: p.T("offer.model_is." + m)})
	}
	return out
}

func priceSteps(ctx context.Context, chosen string) []ui.Option {
	p := i18n.From(ctx)
	out := []ui.Option{{Text: p.T("offer.no_step")}}
	known := chosen == ""
	for _, s := range desk.PriceSteps() {
		out = append(out, ui.Option{Value: strconv.Itoa(s), Text: span(p, s)})
		known = known || strconv.Itoa(s) == chosen
	}
	if !known {
		out = append(out, ui.Option{Value: shown(chosen), Text: shown(chosen)})
	}
	return out
}

// price is a field of the price part.
func (f TypeForm) price(ctx context.Context, name, value string) ui.Field {
	return ui.Field{Name: name, Label: i18n.T(ctx, "offer.price."+name), Value: shown(value), Error: offerError(ctx, f.Problems, name), Optional: true}
}

// box is one of several that can be ticked under one name.
func box(name, value, text string) ui.Field { return boxOf(name, name, value, text) }

// boxOf is the same where several forms on a page have that name.
func boxOf(id, name, value, text string) ui.Field {
	return ui.Field{Name: name, Value: value, Label: text, More: map[string]any{"id": id + "-" + idOf(value)}}
}

// idOf makes a text fit for an id.
func idOf(s string) string { return url.PathEscape(strings.ReplaceAll(s, " ", "-")) }

// strangers are chosen values that are no longer offered, kept so that they are
// judged.
func strangers(chosen []string, offered func(string) bool) []string {
	var out []string
	for _, s := range chosen {
		if !offered(s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func offeredService(s string) bool {
	known, ok := desk.ServiceNamed(s)
	return s != "" && ok && known.Name == s || slices.Contains(desk.ServiceFamilies, s)
}

func has(list []string, s string) bool { return slices.Contains(list, s) }

func offeredLanguage(l string) bool { return slices.Contains(desk.SpokenLanguages, l) }

func offeredKind(k string) bool { return slices.Contains(desk.Kinds, k) }

// tied names the error of a part of a form that is no single field, and the part
// itself.
func tied(p desk.Problems, id string) templ.Attributes {
	a := templ.Attributes{"id": id}
	if _, wrong := p.Of(id); wrong {
		a["aria-describedby"], a["data-tone"] = id+"-error", "bad"
	}
	return a
}
