package desk

import "time"

// ReminderKind is what somebody is told to have passed.
type ReminderKind string

// What can pass, and nobody have said a word.
const (
	ReplyOverdue  ReminderKind = "reply"           // they promised to answer first
	NewsOverdue   ReminderKind = "news"            // they promised to say more
	OursOverdue   ReminderKind = "ours"            // they wait for the desk
	TheirsOverdue ReminderKind = "customer"        // the customer was asked
	ApprovalWaits ReminderKind = "approval"        // a lead was asked
	OursSilent    ReminderKind = "ours_silent"     // they wait for the desk, and nobody said until when
	TheirsSilent  ReminderKind = "customer_silent" // the same of the customer
)

// Reminder is what was owed on an escalation by an instant that has passed.
type Reminder struct {
	Kind ReminderKind
	At   time.Time
	Late bool // a day has passed since: who leads the desk is told, too
}

// reminderLate is how long somebody has time before those who lead the desk hear.
const reminderLate = 24 * time.Hour

// ApprovalWithin is how long a lead has to decide before he is reminded.
const ApprovalWithin = time.Hour

// How long nothing may happen on an escalation that waits without a date, before who
// leads the desk hears: a distributor's own rules want a word each day at first, and
// every three days later on (Westcoast, "Support SLA"). A customer gets the longer
// time, since he has other work.
const (
	OursWithin   = 24 * time.Hour
	TheirsWithin = 72 * time.Hour
)

// Within is how long what a reminder is about was let wait, since it began; 0 where
// somebody named the time.
func (k ReminderKind) Within() time.Duration {
	switch k {
	case ApprovalWaits:
		return ApprovalWithin
	case OursSilent:
		return OursWithin
	case TheirsSilent:
		return TheirsWithin
	}
	return 0
}

// forLeads tells what is asked of those who lead the desk, whoever has the ticket.
func (k ReminderKind) forLeads() bool { return k.Within() > 0 }

// owed lists what is owed on an escalation and not given, each once.
func (e Escalation) owed() (list []Reminder) {
	promised := e.ReplyDueAt != nil && e.RepliedAt == nil && e.Owes() == "them"
	first := promised && e.DueAt != nil && e.DueAt.Equal(*e.ReplyDueAt)
	kind := e.owedKind(first)
	if e.DueAt != nil && kind != "" {
		list = append(list, Reminder{Kind: kind, At: *e.DueAt})
	}
	if silent := map[ReminderKind]ReminderKind{OursOverdue: OursSilent, TheirsOverdue: TheirsSilent}[kind]; e.DueAt == nil && silent != "" {
		list = append(list, Reminder{Kind: silent, At: e.ChangedAt.Add(silent.Within())})
	}
	if promised && !first {
		list = append(list, Reminder{Kind: ReplyOverdue, At: *e.ReplyDueAt})
	}
	return list
}

func (e Escalation) owedKind(first bool) ReminderKind {
	switch e.State {
	case EscalationApproval:
		return ApprovalWaits
	case EscalationFiled, EscalationMitigated:
		if first {
			return ReplyOverdue
		}
		return NewsOverdue
	case EscalationWaitsUs:
		return OursOverdue
	case EscalationWaitsCustomer:
		return TheirsOverdue
	}
	return ""
}

// RemindAt is when somebody must next be told, nil while nothing is owed by a time
// or all of it was said.
func (e Escalation) RemindAt() *time.Time {
	var next *time.Time
	for _, r := range e.owed() {
		for _, at := range []time.Time{r.At, r.At.Add(reminderLate)} {
			if (e.RemindedAt == nil || e.RemindedAt.Before(at)) && (next == nil || at.Before(*next)) {
				next = &at
			}
		}
	}
	return next
}

// Remind tells what has passed since somebody was last told, once: of several what
// passed last. Errors: ErrNotFound where there is nothing to tell.
func (e *Escalation) Remind(now time.Time) (r Reminder, err error) {
	var last time.Time
	for _, o := range e.owed() {
		for _, late := range []bool{false, true} {
			at := o.At
			if late {
				at = at.Add(reminderLate)
			}
			if at.After(now) || e.RemindedAt != nil && !e.RemindedAt.Before(at) || at.Before(last) {
				continue
			}
			last, r = at, Reminder{Kind: o.Kind, At: o.At, Late: late}
		}
	}
	if last.IsZero() {
		return r, ErrNotFound
	}
	e.RemindedAt = &now
	return r, nil
}

// StillOwed tells a reminder that is true yet: nobody has answered since.
func (e Escalation) StillOwed(r Reminder) bool {
	for _, o := range e.owed() {
		if o.Kind == r.Kind && o.At.Equal(r.At) {
			return true
		}
	}
	return false
}

// People picks whom a reminder concerns, of the desk's people: who has the ticket,
// else who prepared the escalation, else those who lead the desk. These are told of
// an approval, of what waits without a date, and of what is a day late.
func (r Reminder) People(e Escalation, assignee ID, all []Person) (list []Person) {
	if !r.Kind.forLeads() {
		for _, id := range []ID{assignee, e.PreparedBy} {
			if p, ok := activePerson(all, id); ok {
				list = append(list, p)
				break
			}
		}
	}
	if len(list) > 0 && !r.Late {
		return list
	}
	for _, p := range leaders(all) {
		if len(list) == 0 || list[0].ID != p.ID {
			list = append(list, p)
		}
	}
	return list
}

func activePerson(all []Person, id ID) (Person, bool) {
	for _, p := range all {
		if p.ID == id && p.Active && p.Role.DeskSide() {
			return p, true
		}
	}
	return Person{}, false
}

// leaders are the desk's own leads, at a desk without any its admins.
func leaders(all []Person) (list []Person) {
	for _, role := range []Role{Lead, Admin} {
		for _, p := range all {
			if p.Role == role && p.Active && p.SubcontractorID == Nobody {
				list = append(list, p)
			}
		}
		if len(list) > 0 {
			return list
		}
	}
	return nil
}
