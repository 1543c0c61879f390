package history

import (
	"fmt"
	"math"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/rules"
)

// life is one ticket while it is lived.
type life struct {
	*writer
	story  story
	voice  voice
	client Client
	from   desk.Person
	agent  desk.Person
	k      desk.Ticket
	d      desk.Decision
	end    desk.State // where it stands at last
	last   time.Time  // of the last message
}

// ticket lives one ticket through; place counts from the oldest.
func (w *writer) ticket(place int, number int64) error {
	l := &life{writer: w}
	// Few companies write much, most write little.
	at := w.rand.Float64()
	l.client = w.plan.Clients[int(at*at*float64(len(w.plan.Clients)))]
	l.from, l.agent = pick(w.rand, l.client.People), pick(w.rand, w.plan.Agents)
	l.story, l.voice = w.book.story(w.rand, l.client.Language), w.book.voices[l.client.Language]
	created := w.created(place)
	l.settle(place, created)
	if err := l.open(created, number); err != nil {
		return err
	}
	if err := l.talk(l.messages()); err != nil {
		return err
	}
	if err := l.finish(); err != nil {
		return err
	}
	l.spread()
	w.rows.Kept = append(w.rows.Kept, l.k.TakeEnded()...)
	w.rows.Tickets = append(w.rows.Tickets, l.k)
	return nil
}

// created spreads tickets over the span, mostly over working days and hours.
func (w *writer) created(place int) time.Time {
	share := (float64(place) + w.rand.Float64()) / float64(w.plan.Tickets)
	at := w.plan.Now.Add(-span + time.Duration(share*float64(span))).In(w.plan.Desk.Location())
	if day := at.Weekday(); (day == time.Saturday || day == time.Sunday) && w.chance(90) {
		at = at.AddDate(0, 0, -2)
	}
	hour := 12.5 + w.rand.NormFloat64()*2.8 // between eight and six, with a few early and late
	at = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location()).Add(time.Duration(math.Mod(hour+24, 24) * float64(time.Hour)))
	if latest := w.plan.Now.Add(-time.Duration(5+w.rand.IntN(240)) * time.Minute); at.After(latest) {
		at = latest
	}
	return at.UTC().Truncate(time.Microsecond)
}

// settle draws where the ticket stands at last, and when it was last spoken of.
// One in five is open, nearly all of them from the last months.
func (l *life) settle(place int, created time.Time) {
	age := l.plan.Now.Sub(created)
	recent := (float64(place)/float64(l.plan.Tickets) - 0.6) / 0.4
	if l.rand.Float64() < 0.1+0.8*recent && recent > 0 {
		l.end = openState(l.rand.IntN(100), l.story.verdict.Outcome)
		l.last = l.plan.Now.Add(-time.Duration(min(l.rand.ExpFloat64()*48*float64(time.Hour), 0.9*float64(age))))
		return
	}
	l.end = desk.Resolved
	if l.chance(65) {
		l.end = desk.Closed
	}
	took := math.Exp(l.rand.NormFloat64()*1.4 + 9.5) // seconds: half within four hours
	l.last = created.Add(time.Duration(min(took*float64(time.Second), 0.8*float64(age))))
}

func openState(draw int, outcome rules.Outcome) desk.State {
	switch {
	case draw < 18:
		return desk.New
	case draw < 45 && outcome == rules.Microsoft, draw < 22:
		return desk.WaitingMicrosoft
	case draw < 68:
		return desk.Open
	}
	return desk.WaitingCustomer
}

// open submits the ticket as its form would have, and has it judged.
func (l *life) open(created time.Time, number int64) error {
	s := l.story
	since := created.Add(-time.Duration(10+l.rand.IntN(2000)) * time.Minute)
	subject := s.Subject
	if l.chance(30) {
		subject += " (" + pick(l.rand, l.voice.Site) + ")"
	}
	k, m, err := desk.NewTicket(desk.Submission{Kind: s.Kind, Subject: subject, Body: l.letter(), Service: s.Service, Region: l.client.Customer.Region,
		Affected: s.Affected, Impact: s.Impact, Since: &since, Language: s.Language}, l.client.Customer.ID, l.from.ID, created)
	if err != nil {
		return fmt.Errorf("ticket %q: %w", subject, err)
	}
	k.ID, k.Number = l.id(created), number
	k.Begin(l.plan.Level, created)
	l.k = k
	m.ID, m.TicketID = l.id(created), k.ID
	l.rows.Messages = append(l.rows.Messages, m)
	l.judge(s.verdict, created)
	return nil
}

// letter is what the customer wrote: his trouble between the usual words.
func (l *life) letter() string {
	return strings.Join([]string{pick(l.rand, l.voice.Greet), l.story.Body, pick(l.rand, l.voice.More), pick(l.rand, l.voice.Close) + "\n" + l.from.Name}, "\n\n")
}

// spread lets what an open ticket's customer waits for be due around the
// present: with the true deadlines nearly all would be late by months.
func (l *life) spread() {
	if l.k.Clock == "" || l.end.Ended() {
		return
	}
	for _, p := range l.k.Promises {
		if p.Running() && p.Due != nil {
			l.k.Promise(p.Clock, p.Began, l.due(p.Began))
		}
	}
}

func (l *life) due(at time.Time) time.Time {
	var away float64
	switch draw := l.rand.IntN(100); {
	case draw < 15: // late
		away = -48 * l.rand.Float64()
	case draw < 45:
		away = 4 * l.rand.Float64()
	default:
		away = 4 + 68*l.rand.Float64()
	}
	due := l.plan.Now.Add(time.Duration(away * float64(time.Hour))).Truncate(time.Second)
	if earliest := at.Add(15 * time.Minute); due.Before(earliest) {
		return earliest
	}
	return due
}

// judge keeps what the rules say, and notes it on the timeline.
func (l *life) judge(v desk.Verdict, at time.Time) {
	l.decide(desk.Decided(l.k, v, at), at)
	l.note(desk.NewEvent(l.k, desk.Nobody, desk.EventDecided, map[string]string{"rule": v.Rule, "outcome": string(v.Outcome), "category": string(v.Category)}, at))
}

func (l *life) decide(d desk.Decision, at time.Time) {
	d.ID = l.id(at)
	l.d = d
	l.k.Decide(d)
	l.rows.Decisions = append(l.rows.Decisions, d)
}

// note puts a line on the timeline.
func (l *life) note(e desk.Event) {
	e.ID = l.id(e.CreatedAt)
	l.rows.Events = append(l.rows.Events, e)
}
