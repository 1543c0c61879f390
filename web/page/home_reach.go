package page

import (
	"context"
	"slices"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// contacts names the ways to reach a type of support, each with its hours where
// they are not the type's.
func (s Support) contacts(ctx context.Context, t desk.SupportType) []string {
	p := i18n.From(ctx)
	var plain, own []string
	for _, m := range desk.ContactMethods {
		for _, c := range t.Contacts {
			if c.Method != m {
				continue
			}
			name := p.T("published.method." + m)
			if hours, ok := s.Offer.Content.Hours(c.Calendar); ok && c.Calendar != t.Calendar {
				own = append(own, capital(p.T("published.on_days", "Days", name, "Hours", strings.Join(weekInWords(ctx, hours), " · "))))
			} else if !slices.Contains(plain, name) {
				plain = append(plain, name)
			}
		}
	}
	return append(oneLine(strings.Join(plain, ", ")), own...)
}

// way is one way to the desk, with the hours at which somebody answers.
type way struct {
	Method, Text, Href string
	Lines              []string
}

var methodIcons = map[string]string{"portal": "window", "email": "mail", "phone": "phone", "chat": "send", "onsite": "pin"}

// methodHints are the words that stand by a way to the desk.
var methodHints = map[string]string{"portal": "support.portal_text", "email": "support.mail_text", "phone": "support.phone_text", "chat": "published.chat_text", "onsite": "support.address_text"}

// reaches lists every way to the desk once, whichever types have it.
func (s Support) reaches(ctx context.Context, f Frame) []way {
	var list []way
	for _, m := range desk.ContactMethods {
		for _, t := range s.Offer.Content.Types {
			for _, c := range t.Contacts {
				if c.Method != m {
					continue
				}
				r := reachOf(ctx, f, c)
				if r.Text != "" && !slices.ContainsFunc(list, func(o way) bool { return o.Method == m && o.Text == r.Text }) {
					r.Lines = s.reachLines(ctx, f, r)
					list = append(list, r)
				}
			}
		}
	}
	return list
}

// reachOf is a contact method as a page shows it. Without a value it is the
// desk's own; where that has none either it has no text.
func reachOf(ctx context.Context, f Frame, c desk.ContactMethod) way {
	d, r := f.Who.Desk, way{Method: c.Method, Text: c.Value}
	own := map[string]string{"email": d.Email, "phone": d.Phone, "onsite": d.Address}
	if r.Text == "" {
		r.Text = own[c.Method]
	}
	switch {
	case c.Method == "portal":
		r.Text, r.Href = i18n.T(ctx, "support.portal"), f.Href("/tickets/new")
	case c.Method == "email" && r.Text != "":
		r.Href = "mailto:" + r.Text
	case c.Method == "phone" && r.Text != "":
		r.Href = dial(r.Text)
	case c.Method == "onsite" && r.Text == "":
		r.Text = capital(i18n.T(ctx, "published.method.onsite"))
	case strings.HasPrefix(r.Text, "https://"):
		r.Text, r.Href = capital(i18n.T(ctx, "published.method."+c.Method)), r.Text
	}
	return r
}

// reachLines tells for which types a way is open, where it is not for all, and at
// which hours, where they are not the type's.
func (s Support) reachLines(ctx context.Context, f Frame, r way) []string {
	p, types := i18n.From(ctx), s.Offer.Content.Types
	var names, lines []string
	for _, t := range types {
		for _, c := range t.Contacts {
			if same := reachOf(ctx, f, c); same.Method != r.Method || same.Text != r.Text {
				continue
			}
			names = append(names, t.Name.In(string(p.Lang())))
			if hours, ok := s.Offer.Content.Hours(c.Calendar); ok && c.Calendar != t.Calendar {
				for _, l := range weekInWords(ctx, hours) {
					if !slices.Contains(lines, l) {
						lines = append(lines, l)
					}
				}
			}
			break
		}
	}
	if len(names) < len(types) {
		lines = append(lines, p.T("published.only_types", "Types", strings.Join(names, ", ")))
	}
	return lines
}

// boundary is a line of who looks after what.
type boundary struct{ Ask, Who string }

func (s Support) baseline(ctx context.Context, f Frame) []boundary {
	p := i18n.From(ctx)
	var out []boundary
	for _, b := range s.Offer.Content.Baseline {
		if slices.Contains(desk.BoundaryParties, b.Who) {
			out = append(out, boundary{b.Ask.In(string(p.Lang())), p.T("published.who."+b.Who, "Desk", f.Who.Desk.Name)})
		}
	}
	return out
}
