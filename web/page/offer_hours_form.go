package page

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/hours"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// HoursForm is the form of one calendar, in the draft.
type HoursForm struct {
	Book     desk.OfferBook
	Key      string // "" for a new one
	At       desk.DraftMark
	Was      desk.OfferCalendar // as the form was made
	Settings desk.HoursSettings
	Preview  desk.OfferCalendar // what the coming weeks are shown of
	Conflict *OfferConflict
	Problems desk.Problems
	Removal  desk.Problems
}

// HoursFormOf is the form of a calendar as it stands; the zero one begins anew,
// with an office's hours.
func HoursFormOf(b desk.OfferBook, c desk.OfferCalendar, zone string) HoursForm {
	f := HoursForm{Book: b, Key: c.Key, At: b.Mark(), Was: c}
	if c.Key == "" {
		c.Spec = desk.OfficeHours(zone)
	}
	f.Preview, f.Settings = c, desk.HoursSettingsOf(c)
	return f
}

// ReadHoursForm reads what was typed.
func ReadHoursForm(v url.Values, b desk.OfferBook, key string) HoursForm {
	f := HoursForm{Book: b, Key: key, At: ReadDraftMark(v.Get("at"))}
	_ = json.Unmarshal([]byte(v.Get("was")), &f.Was) // ours; without it the comparison is the poorer
	f.Settings = desk.HoursSettings{Name: readText(v, "name"), Zone: v.Get("zone"), Holidays: v.Get("holidays"), Days: map[string]string{}, Presets: map[string]string{},
		Closed: v.Get("closed"), Open: v.Get("open")}
	for _, day := range desk.Weekdays {
		f.Settings.Days[day], f.Settings.Presets[day] = v.Get(day), v.Get(day+"_preset")
	}
	f.Preview, _ = b.Offer().NewHours(key, f.Settings, b.Language) // as far as it can be read
	return f
}

// Judge says what is wrong with what was typed, without saving it; the days come
// back as they were read.
func (f HoursForm) Judge() HoursForm {
	c, err := f.Book.Offer().NewHours(f.Key, f.Settings, f.Book.Language)
	f.Problems = problemsIn(err)
	if err == nil {
		f.Settings.Days, f.Settings.Presets = desk.HoursSettingsOf(c).Days, nil
	}
	return f
}

// Behind tells who changed the offer meanwhile; saving again saves over it.
func (f HoursForm) Behind() HoursForm {
	f.Conflict, f.At = OfferConflictOf(f.Book), f.Book.Mark()
	f.Conflict.Typed = true
	if _, there := f.Book.Offer().Hours(f.Key); f.Key != "" && !there {
		f.Conflict.Gone, f.Key = true, ""
	}
	return f
}

func (f HoursForm) differences(p *i18n.Printer) (theirs, yours []offerFact) {
	now, _ := f.Book.Offer().Hours(f.Key)
	there := calendarFacts(p, now)
	return compareFacts(calendarFacts(p, f.Was), there), compareFacts(there, calendarFacts(p, f.Preview))
}

func (f HoursForm) was() string {
	b, _ := json.Marshal(f.Was)
	return string(b)
}

func (f HoursForm) title(ctx context.Context) string {
	if f.Was.Key == "" {
		return i18n.T(ctx, "offer.new_hours")
	}
	return inWords(ctx, f.Was.Name)
}

func (f HoursForm) action(fr Frame) string {
	if f.Key == "" {
		return hoursHref(fr)
	}
	return hoursHref(fr, f.Key)
}

// holidays is the field of the region whose public holidays are closed.
func (f HoursForm) holidays(ctx context.Context) ui.Field {
	return ui.Field{Name: "holidays", Label: i18n.T(ctx, "offer.holidays"), Hint: i18n.T(ctx, "offer.holidays_hint"), Value: shown(f.Settings.Holidays), Optional: true,
		Error: offerError(ctx, f.Problems, "holidays")}
}

// regions lists countries by their names, each with its parts beneath; what is
// no region any more stays to be seen and put right.
func (f HoursForm) regions(ctx context.Context) []ui.OptionGroup {
	p := i18n.From(ctx)
	alone := ui.OptionGroup{Options: []ui.Option{{Text: p.T("offer.no_holidays")}}}
	var parts []ui.OptionGroup
	known := f.Settings.Holidays == ""
	for _, r := range hours.Regions() {
		known = known || r.Code == f.Settings.Holidays
		country, part, found := strings.Cut(r.Code, "-")
		if !found {
			alone.Options = append(alone.Options, ui.Option{Value: r.Code, Text: p.Region(r.Code)})
			continue
		}
		if title := p.Region(country); len(parts) == 0 || parts[len(parts)-1].Title != title {
			parts = append(parts, ui.OptionGroup{Title: title})
		}
		last := &parts[len(parts)-1]
		last.Options = append(last.Options, ui.Option{Value: r.Code, Text: r.Name + " (" + part + ")"})
	}
	if !known {
		alone.Options = append(alone.Options, ui.Option{Value: f.Settings.Holidays, Text: shown(f.Settings.Holidays)})
	}
	byText := func(a, b ui.Option) int { return strings.Compare(a.Text, b.Text) }
	slices.SortFunc(alone.Options[1:], byText)
	slices.SortFunc(parts, func(a, b ui.OptionGroup) int { return strings.Compare(a.Title, b.Title) })
	return append([]ui.OptionGroup{alone}, parts...)
}

func dayPresets(ctx context.Context) []ui.Option {
	out := []ui.Option{{Text: i18n.T(ctx, "offer.preset.typed")}}
	for _, k := range desk.PresetOrder {
		out = append(out, ui.Option{Value: k, Text: i18n.T(ctx, "offer.preset."+k)})
	}
	return out
}

// weeks is how far a preview looks, in days.
const weeks = 28

// blocksText is when a day is open, in the calendar's own zone.
func blocksText(d desk.HoursDay) string {
	var out []string
	for _, b := range d.Blocks {
		end := b.To.Format("15:04")
		if end == "00:00" {
			end = "24:00"
		}
		out = append(out, b.From.Format("15:04")+"–"+end)
	}
	return strings.Join(out, ", ")
}

// dayText is a date in the zone that it begins in, whatever the reader's.
func dayText(p *i18n.Printer, d desk.HoursDay) string {
	return i18n.New(p.Lang(), d.Date.Location(), p.Now()).Weekday(d.Date) + " " + monthOf(p, d)
}

func monthOf(p *i18n.Printer, d desk.HoursDay) string {
	_, month, _ := strings.Cut(i18n.New(p.Lang(), d.Date.Location(), p.Now()).ShortDate(d.Date), " ")
	return month
}

// problemsIn picks what is wrong with a form out of an error.
func problemsIn(err error) desk.Problems {
	if invalid, ok := err.(desk.Invalid); ok { //nolint:errorlint // it was made a line ago
		return invalid.Problems
	}
	return nil
}

// PriceForm is the form of what all prices have in common.
type PriceForm struct {
	Book     desk.OfferBook
	At       desk.DraftMark
	Was      desk.PriceSettings
	Settings desk.PriceSettings
	Conflict *OfferConflict
	Problems desk.Problems
}

// PriceFormOf is the form as the offer stands.
func PriceFormOf(b desk.OfferBook) PriceForm {
	s := desk.PriceSettings{Currency: b.Offer().Currency, Tax: b.Offer().Tax}
	return PriceForm{Book: b, At: b.Mark(), Was: s, Settings: s}
}

// ReadPriceForm reads what was typed.
func ReadPriceForm(v url.Values, b desk.OfferBook) PriceForm {
	f := PriceForm{Book: b, At: ReadDraftMark(v.Get("at")), Settings: desk.PriceSettings{Currency: v.Get("currency"), Tax: readText(v, "tax")}}
	_ = json.Unmarshal([]byte(v.Get("was")), &f.Was) // ours; without it the comparison is the poorer
	return f
}

// Behind tells who changed the offer meanwhile; saving again saves over it.
func (f PriceForm) Behind() PriceForm {
	f.Conflict, f.At = OfferConflictOf(f.Book), f.Book.Mark()
	f.Conflict.Typed = true
	return f
}

func (f PriceForm) differences(p *i18n.Printer) (theirs, yours []offerFact) {
	o := f.Book.Offer()
	was, _ := o.WithPrices(f.Was)
	typed, _ := o.WithPrices(f.Settings)
	there := priceFacts(p, o)
	return compareFacts(priceFacts(p, was), there), compareFacts(there, priceFacts(p, typed))
}

func (f PriceForm) was() string {
	b, _ := json.Marshal(f.Was)
	return string(b)
}
