package page

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// Health is the state of services as all readers of one company see it, or all
// of a desk, or anybody.
type Health struct {
	desk.HealthView
	Desk   desk.Desk
	Reader HealthReader
}

// HealthReader is for whom a state of services is drawn.
type HealthReader int

// The readers.
const (
	HealthPublic   HealthReader = iota // anybody: what the desk tells in public
	HealthCustomer                     // a customer's people
	HealthDesk                         // the desk's people, about one customer
	HealthOverall                      // the desk's people, over all customers
)

// Mine is what of a page is its reader's own, and no part of a HealthSheet.
type Mine struct {
	Tickets map[desk.ID]int64 // by issue or incident: the open ticket he has about it
	Kept    time.Time         // when the page was drawn that is shown because nothing newer can be; zero: it is of now
	Choice  *CustomerChoice   // of a desk's person who looks for a customer
}

// sought is what a desk's person looks for among customers.
func (m Mine) sought() string {
	if m.Choice == nil {
		return ""
	}
	return shown(m.Choice.Text)
}

// HealthSheet is a drawn state of services with holes where each reader's own stands:
// one drawing serves all readers for whom the rest is the same.
type HealthSheet struct {
	Title string
	parts []string
	holes []hole // one between each two parts
}

// hole is where something of one reader's own stands: a trouble's place in his
// tickets.
type hole struct{ id, to, title string }

// marks delimit holes in a drawing. NUL stands in no text that Postgres holds,
// and none that HTML does.
const (
	holeMark  = "\x00"
	holeSpace = "\x01"
)

// HealthDrawing is what all readers of a sheet share. The frame is nobody's.
func HealthDrawing(h Health) templ.Component {
	return healthShared(Frame{Who: desk.Visitor(h.Desk)}, h)
}

// CutSheet takes a HealthDrawing apart at its holes.
func CutSheet(ctx context.Context, h Health, drawn string) HealthSheet {
	s := HealthSheet{Title: h.title(ctx)}
	for i, piece := range strings.Split(drawn, holeMark) {
		if i%2 == 0 {
			s.parts = append(s.parts, piece)
			continue
		}
		id, rest, _ := strings.Cut(piece, holeSpace)
		to, title, _ := strings.Cut(rest, holeSpace)
		s.holes = append(s.holes, hole{id, to, title})
	}
	return s
}

// Size is how much memory a sheet takes, in bytes.
func (s HealthSheet) Size() int {
	n := 0
	for _, p := range s.parts {
		n += len(p)
	}
	return n + 200*len(s.holes)
}

// digging leaves a hole in a drawing. A title's own marks would tear it.
func digging(t desk.Trouble, title string) templ.Component {
	to := "/health/issues/" + t.ID.String() + "/tickets"
	if t.Kind == desk.IncidentKind {
		to = "/health/incidents/" + number(t.Number) + "/tickets"
	}
	clean := strings.NewReplacer(holeMark, "", holeSpace, "").Replace(title)
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, holeMark+t.ID.String()+holeSpace+to+holeSpace+clean+holeMark)
		return err
	})
}

// ticketIn is the reader's own ticket about what stands at a hole, 0 for none.
func (m Mine) ticketIn(h hole) int64 {
	id, _ := desk.ParseID(h.id)
	return m.Tickets[id]
}

// firstFree is the hole whose button is the page's main one; it comes first of
// those about which the reader has no ticket.
func (s HealthSheet) firstFree(m Mine) int {
	return slices.IndexFunc(s.holes, func(h hole) bool { return m.ticketIn(h) == 0 })
}

// title is the document's: whose services these are.
func (h Health) title(ctx context.Context) string {
	if h.Customer.Name != "" {
		return i18n.T(ctx, "health.document", "Customer", h.Customer.Name)
	}
	return i18n.T(ctx, "nav.health")
}

// headline says it all in one sentence.
func (h Health) headline(ctx context.Context) string {
	p, n := i18n.From(ctx), h.Troubled()
	switch {
	case n == 0 && h.Connected():
		return p.T("health.all_fine")
	case n == 0:
		return p.T("health.none_known")
	case h.Connected() && len(h.Services) > 1:
		return upperFirst(p.N("health.some_of", n, "Count", spelledOut(p, n, len(h.Services)), "Of", spelledOut(p, len(h.Services), n)))
	}
	return upperFirst(p.N("health.some", n, "Count", spelledOut(p, n, n)))
}

// mostInWords is up to where numbers are written as words.
const mostInWords = 12

// spelledOut writes a number as a word, where it and the one beside it are small.
func spelledOut(p *i18n.Printer, n, beside int) string {
	if n < 1 || n > mostInWords || beside > mostInWords {
		return p.Number(n)
	}
	return p.T("health.number." + number(int64(n)))
}

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// ago is how old something is, within a sentence.
func ago(p *i18n.Printer, t time.Time) string {
	age := p.Now().Sub(t)
	switch {
	case age < time.Minute:
		return p.T("time.now")
	case age < 24*time.Hour:
		return p.T("health.ago", "Duration", p.Duration(age))
	}
	return p.T("health.long_ago", "Duration", p.Duration(age))
}

// levelLook is a level's tone and sign.
var levelLook = map[desk.HealthLevel]struct{ Tone, Icon string }{
	desk.LevelDown: {"bad", "stop"}, desk.LevelSlowed: {"warn", "alert"}, desk.LevelLimited: {"warn", "info"},
	desk.LevelWatched: {"info", "eye"}, desk.LevelRecovering: {"info", "turn"}, desk.LevelFine: {"ok", "ok"}, desk.LevelUnknown: {"", "ask"},
}

func levelWord(ctx context.Context, l desk.HealthLevel) string {
	return i18n.T(ctx, "health.level."+string(l))
}

// dayStrip is a service's last days as a picture with its words.
func (h Health) dayStrip(ctx context.Context, s desk.ServiceHealth) ui.Strip {
	p, strip := i18n.From(ctx), ui.Strip{Tone: "warn", Days: make([]int, desk.StripDays)}
	var told []string
	for i, l := range s.Days {
		switch {
		case l == desk.LevelDown:
			strip.Days[i], strip.Tone = 2, "bad"
		case l.Troubled():
			strip.Days[i] = 1
		default:
			continue
		}
		told = append(told, p.T("health.strip_day", "Level", strings.ToLower(levelWord(ctx, l)), "Day", p.ShortDate(h.From.AddDate(0, 0, i))))
	}
	words := p.T("health.strip_quiet")
	if len(told) > 0 {
		words = strings.Join(told[max(0, len(told)-mostTold):], ", ")
	}
	strip.Label = p.T("health.strip", "Service", serviceName(p, s.Service), "Days", words)
	return strip
}

// mostTold bounds what the words of a strip list; its figures say the rest.
const mostTold = 10

// touchedDays counts the days on which something was wrong.
func touchedDays(s desk.ServiceHealth) int {
	n := 0
	for _, l := range s.Days {
		if l.Troubled() {
			n++
		}
	}
	return n
}

// mainIf weighs the first of several like buttons.
func mainIf(first bool) ui.Kind {
	if first {
		return ui.Main
	}
	return ""
}

// HitWords is what a press on "this hits us too" says in its writer's language.
func HitWords(ctx context.Context, f Frame, t desk.Trouble) desk.Submission {
	p := i18n.From(ctx)
	said := Health{Desk: f.Who.Desk, Reader: HealthCustomer}.tell(ctx, t)
	lines := []string{p.T("health.body", "Title", said.Title), ""}
	if t.Kind == desk.IncidentKind {
		lines = append(lines, p.T("health.body_incident", "Number", number(t.Number)))
	} else if t.Code != "" && t.Source != desk.FromHand {
		lines = append(lines, p.T("health.body_code", "Code", t.Code))
	}
	lines = append(lines, p.T("health.body_since", "When", p.When(t.StartedAt)))
	s := desk.Submission{Kind: "problem", Subject: clipped(p.T("health.subject", "Title", said.Title), desk.MaxSubject), Body: strings.Join(lines, "\n"),
		Service: "Other", Affected: "some_users", Impact: string(desk.Slowed), Since: &t.StartedAt, Language: string(p.Lang())}
	if service, ok := desk.ServiceNamed(t.Service); ok {
		s.Service = service.Name
	}
	if len(t.Places) > 0 {
		s.Region = clipped(t.Places[0], 60)
	}
	if t.Harm() == desk.LevelDown {
		s.Impact = string(desk.Stopped)
	}
	return s
}

// clipped cuts a text to so many characters.
func clipped(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}
