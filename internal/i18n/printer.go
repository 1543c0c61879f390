package i18n

import (
	"context"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// Printer writes for one reader: in his language, in his time zone, as of one instant. It is safe for concurrent use.
type Printer struct {
	lang   Lang
	zone   *time.Location
	now    time.Time
	tongue *tongue
}

// New returns a printer. An unknown language is English, a nil zone UTC.
func New(lang Lang, zone *time.Location, now time.Time) *Printer {
	if zone == nil {
		zone = time.UTC
	}
	t := loaded().tongues[lang]
	if t == nil {
		lang, t = English, loaded().tongues[English]
	}
	return &Printer{lang: lang, zone: zone, now: now.In(zone), tongue: t}
}

// Lang is the language this printer writes.
func (p *Printer) Lang() Lang { return p.lang }

// Zone is the time zone in which every time is written.
func (p *Printer) Zone() *time.Location { return p.zone }

// Now is the instant that "today" and "2 min" refer to, in the printer's zone.
func (p *Printer) Now() time.Time { return p.now }

// T returns the message of a key. args are alternating names and values for its {{.Name}} placeholders; numbers
// are written as they are, so that a ticket's number is not grouped (use Number where it should be).
// A key that no catalogue holds is returned as it is and remembered by Missing.
func (p *Printer) T(key string, args ...any) string {
	m, ok := p.tongue.messages[key]
	switch {
	case !ok:
		missed(key)
		return key
	case m.plural:
		missed(key + " (a plural, read without a number)")
		return key
	case m.text.names == nil:
		return m.plain
	}
	return m.text.fill(arguments{pairs: args})
}

// N returns the form of a counted message that the language uses for n (CLDR cardinal rules), with {{.N}} as the
// formatted number and args as in T.
func (p *Printer) N(key string, n int, args ...any) string {
	if !p.tongue.messages[key].plural {
		missed(key)
		return key
	}
	// An error beside a text means that the catalogue leaves out a rare form ("many": 1 000 000 in French)
	// and go-i18n fell back to "other", which is what we want.
	s, _ := p.tongue.localizer.Localize(&goi18n.LocalizeConfig{
		MessageID:      key,
		PluralCount:    n,
		TemplateData:   arguments{n: p.Number(n), pairs: args},
		TemplateParser: parser{},
	})
	return s
}

// Number writes a whole number in groups of three: 1 240, 1,240.
func (p *Printer) Number(n int) string { return p.tongue.names.FmtNumber(float64(n), 0) }

type printerKey struct{}

// With returns a context that carries the printer for T, N and From.
func With(ctx context.Context, p *Printer) context.Context {
	return context.WithValue(ctx, printerKey{}, p)
}

// From returns the context's printer, or an English one in UTC at the zero time. It is never nil.
func From(ctx context.Context) *Printer {
	if p, ok := ctx.Value(printerKey{}).(*Printer); ok && p != nil {
		return p
	}
	return New(English, time.UTC, time.Time{})
}

// T is From(ctx).T, short for pages.
func T(ctx context.Context, key string, args ...any) string { return From(ctx).T(key, args...) }

// N is From(ctx).N, short for pages.
func N(ctx context.Context, key string, n int, args ...any) string {
	return From(ctx).N(key, n, args...)
}
