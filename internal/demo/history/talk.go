package history

import (
	"time"

	"guichet/internal/desk"
	"guichet/internal/rules"
)

// lengths is how many messages tickets have: three on average, and twenty when
// a case drags on.
var lengths = []int{1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6}

const long = 20

// messages is how many the ticket has.
func (l *life) messages() int {
	switch {
	case l.end == desk.New:
		return 1 + l.rand.IntN(2)
	case l.chance(10):
		return long
	}
	return max(pick(l.rand, lengths), 2)
}

// talk writes the messages after the first, from the opening to the last of
// them, with what the desk finds out meanwhile.
func (l *life) talk(n int) error {
	if n == 1 {
		return nil
	}
	opened := l.k.CreatedAt
	step := l.last.Sub(opened) / time.Duration(n-1)
	found := 2 + l.rand.IntN(n)
	for i := 2; i <= n; i++ {
		at := opened.Add(step * time.Duration(i-1)).Add(-time.Duration(l.rand.Float64() * 0.5 * float64(step))).Truncate(time.Microsecond)
		if i == found && l.end != desk.New {
			if err := l.find(l.before(at, step/10)); err != nil {
				return err
			}
		}
		if err := l.say(i, n, at); err != nil {
			return err
		}
	}
	return nil
}

// say writes the i-th of n messages. The sides take turns, so that the last
// word is whose it must be.
func (l *life) say(i, n int, at time.Time) error {
	if l.end == desk.New || (n-i)%2 == 1 == l.deskEnds() {
		m, err := desk.NewMessage(l.k, l.from, l.customerWords(i, n), false, desk.Nobody, at)
		if err != nil {
			return err
		}
		l.k.CustomerWrote(l.plan.Level, at)
		l.add(m)
		return nil
	}
	if l.k.AssigneeID == desk.Nobody {
		l.k.AssigneeID = l.agent.ID
		l.note(desk.NewEvent(l.k, l.agent.ID, desk.EventAssigned, map[string]string{"to": l.agent.Name}, l.before(at, time.Minute)))
	}
	if l.chance(12) {
		if err := l.aside(l.before(at, 2*time.Minute)); err != nil {
			return err
		}
	}
	m, err := desk.NewMessage(l.k, l.agent, l.deskWords(i, n), false, desk.Nobody, at)
	if err != nil {
		return err
	}
	l.k.DeskWrote(l.plan.Level, at)
	l.add(m)
	return nil
}

// before is a little earlier, yet not before the ticket was there.
func (l *life) before(at time.Time, d time.Duration) time.Time {
	if at = at.Add(-d); at.Before(l.k.CreatedAt) {
		return l.k.CreatedAt
	}
	return at
}

func (l *life) add(m desk.Message) {
	m.ID = l.id(m.CreatedAt)
	l.rows.Messages = append(l.rows.Messages, m)
}

// deskEnds tells whether the desk has the last word: while it waits for others,
// and when it is done but the customer has not said so.
func (l *life) deskEnds() bool {
	switch l.end {
	case desk.WaitingCustomer, desk.WaitingMicrosoft, desk.WaitingThirdParty, desk.Resolved:
		return true
	}
	return false
}

func (l *life) customerWords(i, n int) string {
	if i == n && l.end.Ended() {
		return l.voice.say(l.rand, l.voice.Thanks, "")
	}
	return l.voice.say(l.rand, l.voice.Answer, "") + "\n\n" + l.from.Name
}

func (l *life) deskWords(i, n int) string {
	name := desk.FirstName(l.from.Name)
	switch {
	case i >= n-1 && l.end.Ended():
		return l.story.Fix + "\n\n" + l.agent.Name
	case i == 2:
		return l.voice.say(l.rand, l.voice.Ask, name)
	}
	return l.voice.say(l.rand, l.voice.Progress, name) + "\n\n" + l.agent.Name
}

// aside leaves a note, in the desk's language.
func (l *life) aside(at time.Time) error {
	v := l.book.voices[l.plan.Desk.Language]
	m, err := desk.NewMessage(l.k, l.agent, v.say(l.rand, v.Note, ""), true, desk.Nobody, at)
	l.add(m)
	return err
}

// find records what the desk found out, if anything, and judges anew.
func (l *life) find(at time.Time) error {
	if l.story.Finding == "" {
		return nil
	}
	f, err := desk.NewFinding(l.k, l.agent.ID, l.story.FindingKind, "confirmed", l.story.Finding, at)
	if err != nil {
		return err
	}
	f.ID = l.id(at)
	l.rows.Findings = append(l.rows.Findings, f)
	if !l.d.Same(l.story.later) {
		l.judge(l.story.later, at)
	}
	return nil
}

// finish moves the ticket to where it stands at last, its decision confirmed
// or overridden when it has ended.
func (l *life) finish() error {
	at := l.k.LastAt.Add(time.Minute)
	if at.After(l.plan.Now) {
		at = l.plan.Now
	}
	if l.end == desk.New {
		return nil
	}
	if l.k.AssigneeID == desk.Nobody && l.end.Ended() {
		l.k.AssigneeID = l.agent.ID
	}
	if l.end.Ended() {
		if err := l.review(at); err != nil {
			return err
		}
	}
	by, kind := l.agent.ID, desk.EventState
	if l.end == desk.Closed {
		by, kind = l.from.ID, desk.EventClosed
	}
	if l.k.Move(l.end, l.plan.Level, at) {
		l.note(desk.NewEvent(l.k, by, kind, map[string]string{"to": string(l.end)}, at))
	}
	if l.chance(8) && l.end == desk.Open { // given back: nobody has it now
		l.k.AssigneeID = desk.Nobody
		l.note(desk.NewEvent(l.k, l.agent.ID, desk.EventReleased, nil, at))
	}
	return nil
}

// overruled is what a person says when the rules were wrong.
var overruled = struct {
	outcome  rules.Outcome
	category rules.Category
	reason   map[string]string
}{rules.Partner, rules.Configuration, map[string]string{"fr": "Un réglage du client, vu avec lui au téléphone.", "en": "A setting on the customer's side, seen with them on the phone."}}

// review has a person stand by most decisions and overrule a few.
func (l *life) review(at time.Time) error {
	switch draw := l.rand.IntN(100); {
	case draw < 60:
		d, err := l.d.Confirm(l.agent.ID, at)
		if err != nil {
			return err
		}
		l.rows.Decisions[len(l.rows.Decisions)-1] = d
		l.k.Decide(d)
		l.note(desk.NewEvent(l.k, l.agent.ID, desk.EventConfirmed, map[string]string{"outcome": string(d.Outcome), "category": string(d.Category)}, at))
	case draw < 65:
		d, err := l.d.Override(l.agent.ID, string(overruled.outcome), string(overruled.category), overruled.reason[l.plan.Desk.Language], at)
		if err != nil {
			return err
		}
		l.decide(d, at)
		l.note(desk.NewEvent(l.k, l.agent.ID, desk.EventOverridden, map[string]string{"outcome": string(d.Outcome), "category": string(d.Category), "reason": d.Reason}, at))
	}
	return nil
}
