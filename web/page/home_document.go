package page

import (
	"context"
	"slices"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/pricing"
	"guichet/web/ui"
)

// document is the head of a desk's public page: what search engines, and those
// it is passed on to, are told of it. Each language has an address of its own.
func (s Support) document(ctx context.Context, f Frame) ui.Page {
	d := f.Who.Desk
	p := f.page("")
	p.Title, p.Description = i18n.T(ctx, "support.document", "Desk", d.Name), i18n.T(ctx, "support.description", "Desk", d.Name)
	p.Indexed = s.Offer.Content.Indexed
	p.Shared = ui.Shared{Name: d.Name, Languages: map[string]string{}}
	for _, l := range i18n.Langs() {
		address := f.Base + f.Href("")
		if string(l) != d.Language {
			address += "?lang=" + string(l)
		}
		p.Shared.Languages[string(l)] = address
	}
	p.Shared.Address = p.Shared.Languages[string(i18n.From(ctx).Lang())]
	return p
}

// thing is one of schema.org's, as JSON-LD: keys are its properties, @type its
// class. What it has nothing of is left out.
type thing map[string]any

func (t thing) with(key string, value any) thing {
	switch v := value.(type) {
	case string:
		if v == "" {
			return t
		}
	case []thing:
		if len(v) == 0 {
			return t
		}
	case []string:
		if len(v) == 0 {
			return t
		}
	}
	t[key] = value
	return t
}

// machine tells programs what the page tells people.
func (s Support) machine(ctx context.Context, f Frame) thing {
	d, o, lang := f.Who.Desk, s.Offer.Content, string(i18n.From(ctx).Lang())
	standard, _ := o.Type(o.Default)
	var offers, points []thing
	for _, t := range o.Types {
		service := thing{"@type": "Service", "name": t.Name.In(lang)}.with("description", t.Summary.In(lang))
		offers = append(offers, thing{"@type": "Offer", "name": t.Name.In(lang), "itemOffered": service}.with("priceSpecification", prices(t.Terms, o.Currency)))
	}
	for _, r := range s.reaches(ctx, f) {
		if point := s.contactPoint(r, standard); point != nil {
			points = append(points, point)
		}
	}
	return thing{"@context": "https://schema.org", "@type": "ProfessionalService", "@id": f.Base + f.Href("") + "#desk", "name": d.Name, "url": f.Base + f.Href("")}.
		with("description", i18n.T(ctx, "support.description", "Desk", d.Name)).
		with("email", d.Email).with("telephone", strings.TrimPrefix(dial(d.Phone), "tel:")).with("address", d.Address).
		with("sameAs", d.Website).with("knowsLanguage", standard.Languages).with("currenciesAccepted", o.Currency).
		with("openingHoursSpecification", openingTimes(o, standard.Calendar)).
		with("specialOpeningHoursSpecification", s.specialTimes()).
		with("contactPoint", points).with("makesOffer", offers)
}

func (s Support) contactPoint(r way, standard desk.SupportType) thing {
	point := thing{"@type": "ContactPoint", "contactType": "technical support"}.
		with("availableLanguage", standard.Languages).with("hoursAvailable", openingTimes(s.Offer.Content, standard.Calendar))
	switch r.Method {
	case "email":
		point["email"] = r.Text
	case "phone":
		point["telephone"] = strings.TrimPrefix(r.Href, "tel:")
	default:
		return nil
	}
	return point
}

// openingTimes are a calendar's week (https://schema.org/OpeningHoursSpecification):
// a block that ends before it begins runs past midnight.
func openingTimes(o desk.Offer, calendar string) []thing {
	c, ok := o.Hours(calendar)
	if !ok {
		return nil
	}
	var out []thing
	var seen []string
	for _, d := range days {
		for _, block := range c.Spec.Weekly[d.key] {
			if slices.Contains(seen, block) {
				continue
			}
			seen = append(seen, block)
			var on []string
			for _, other := range days {
				if slices.Contains(c.Spec.Weekly[other.key], block) {
					on = append(on, "https://schema.org/"+other.day.String())
				}
			}
			from, to, _ := strings.Cut(block, "-")
			out = append(out, thing{"@type": "OpeningHoursSpecification", "dayOfWeek": on, "opens": from, "closes": closing(to)})
		}
	}
	return out
}

// closing writes the end of a day as a time that exists.
func closing(to string) string {
	if to == "24:00" {
		return "23:59"
	}
	return to
}

func (s Support) specialTimes() []thing {
	var out []thing
	for _, d := range s.now().Special {
		date := d.Date.Format(time.DateOnly)
		day := thing{"@type": "OpeningHoursSpecification", "validFrom": date, "validThrough": date, "opens": "00:00", "closes": "00:00"}
		if len(d.Blocks) > 0 {
			day["opens"], day["closes"] = d.Blocks[0].From.Format("15:04"), d.Blocks[len(d.Blocks)-1].To.Format("15:04")
		}
		out = append(out, day)
	}
	return out
}

// prices are what a type costs. Units are those of UN/CEFACT Recommendation 20:
// HUR an hour, MON a month, C62 one.
func prices(t pricing.Terms, currency string) []thing {
	var out []thing
	add := func(price, unit string) {
		if price != "" {
			out = append(out, thing{"@type": "UnitPriceSpecification", "price": price, "priceCurrency": currency, "unitCode": unit, "valueAddedTaxIncluded": false})
		}
	}
	add(t.Monthly, "MON")
	switch t.Model {
	case pricing.Incident:
		add(t.Incident, "C62")
	case pricing.Hour:
		add(t.Hour, "HUR")
	case pricing.Prepaid:
		add(hourly(t), "HUR")
	}
	return out
}
