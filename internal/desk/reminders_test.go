package desk_test

import (
	"errors"
	"testing"
	"time"

	"guichet/internal/desk"
)

var two = time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC)

func after(d time.Duration) *time.Time { at := two.Add(d); return &at }

// What is owed, by whom, and when somebody must hear of it.
func TestWhatIsOwed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		e    desk.Escalation
		at   time.Duration // of now, after two o'clock
		want desk.Reminder // zero: nothing to tell
		next *time.Time
	}{
		"their first answer": {desk.Escalation{State: desk.EscalationFiled, ReplyDueAt: &two, DueAt: &two}, 0,
			desk.Reminder{Kind: desk.ReplyOverdue, At: two}, after(24 * time.Hour)},
		"not yet due": {desk.Escalation{State: desk.EscalationFiled, ReplyDueAt: &two, DueAt: &two}, -time.Second, desk.Reminder{}, &two},
		"it was said": {desk.Escalation{State: desk.EscalationFiled, ReplyDueAt: &two, DueAt: &two, RemindedAt: &two}, time.Hour, desk.Reminder{}, after(24 * time.Hour)},
		"a day later": {desk.Escalation{State: desk.EscalationFiled, ReplyDueAt: &two, DueAt: &two, RemindedAt: &two}, 24 * time.Hour,
			desk.Reminder{Kind: desk.ReplyOverdue, At: two, Late: true}, nil},
		"a worker that slept two days tells once": {desk.Escalation{State: desk.EscalationFiled, ReplyDueAt: &two, DueAt: &two}, 48 * time.Hour,
			desk.Reminder{Kind: desk.ReplyOverdue, At: two, Late: true}, nil},
		"news that they promised": {desk.Escalation{State: desk.EscalationMitigated, ReplyDueAt: after(-time.Hour), RepliedAt: after(-2 * time.Hour), DueAt: &two}, 0,
			desk.Reminder{Kind: desk.NewsOverdue, At: two}, after(24 * time.Hour)},
		"the answer itself, although a person waits for later": {desk.Escalation{State: desk.EscalationFiled, ReplyDueAt: &two, DueAt: after(time.Hour)}, 0,
			desk.Reminder{Kind: desk.ReplyOverdue, At: two}, after(time.Hour)},
		"chased, and silent again": {desk.Escalation{State: desk.EscalationFiled, ReplyDueAt: &two, DueAt: after(time.Hour), RemindedAt: after(time.Minute)}, time.Hour,
			desk.Reminder{Kind: desk.NewsOverdue, At: *after(time.Hour)}, after(24 * time.Hour)},
		"ours":           {desk.Escalation{State: desk.EscalationWaitsUs, DueAt: &two}, 0, desk.Reminder{Kind: desk.OursOverdue, At: two}, after(24 * time.Hour)},
		"the customer's": {desk.Escalation{State: desk.EscalationWaitsCustomer, DueAt: &two}, 0, desk.Reminder{Kind: desk.TheirsOverdue, At: two}, after(24 * time.Hour)},
		"an approval":    {desk.Escalation{State: desk.EscalationApproval, DueAt: &two}, 0, desk.Reminder{Kind: desk.ApprovalWaits, At: two}, after(24 * time.Hour)},
		"ours, without a date": {desk.Escalation{State: desk.EscalationWaitsUs, ReplyDueAt: &two, ChangedAt: two}, 24 * time.Hour,
			desk.Reminder{Kind: desk.OursSilent, At: *after(24 * time.Hour)}, after(48 * time.Hour)},
		"within a day": {desk.Escalation{State: desk.EscalationWaitsUs, ChangedAt: two}, 24*time.Hour - time.Second, desk.Reminder{}, after(24 * time.Hour)},
		"the customer's, without a date": {desk.Escalation{State: desk.EscalationWaitsCustomer, ChangedAt: two}, 72 * time.Hour,
			desk.Reminder{Kind: desk.TheirsSilent, At: *after(72 * time.Hour)}, after(96 * time.Hour)},
		"theirs, without a date, is theirs to say": {desk.Escalation{State: desk.EscalationFiled, ChangedAt: two}, 1000 * time.Hour, desk.Reminder{}, nil},
		"being prepared": {desk.Escalation{State: desk.EscalationPreparing, DueAt: &two}, time.Hour, desk.Reminder{}, nil},
		"ended":          {desk.Escalation{State: desk.EscalationEnded, ReplyDueAt: &two}, time.Hour, desk.Reminder{}, nil},
	} {
		e, now := c.e, two.Add(c.at)
		got, err := e.Remind(now)
		if got != c.want || errors.Is(err, desk.ErrNotFound) != (c.want == desk.Reminder{}) {
			t.Errorf("%s: %+v (%v), want %+v", name, got, err, c.want)
		}
		if next := e.RemindAt(); (next == nil) != (c.next == nil) || next != nil && !next.Equal(*c.next) {
			t.Errorf("%s: next at %v, want %v", name, next, c.next)
		}
		if err != nil {
			continue
		}
		if _, err := e.Remind(now); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s is told twice", name)
		}
		if !e.StillOwed(got) {
			t.Errorf("%s is not owed any more", name)
		}
		if e.State.Filed() {
			e.Heard(now, now)
		}
		if got.Kind == desk.ReplyOverdue && e.StillOwed(got) {
			t.Errorf("%s is owed although they answered", name)
		}
	}
}

// An approval that was asked for is due an hour later, and no more once it is decided.
func TestAnApprovalIsDue(t *testing.T) {
	t.Parallel()
	e := desk.Escalation{State: desk.EscalationPreparing}
	if err := e.AskApproval(two); err != nil || e.DueAt == nil || !e.DueAt.Equal(two.Add(desk.ApprovalWithin)) {
		t.Fatalf("asked: due %v, %v", e.DueAt, err)
	}
	if err := e.Approve(true, "", desk.Person{ID: desk.NewID()}, two); err != nil || e.DueAt != nil || e.RemindAt() != nil {
		t.Errorf("approved: due %v, %v", e.DueAt, err)
	}
}

func TestWhomAReminderConcerns(t *testing.T) {
	t.Parallel()
	person := func(name string, role desk.Role, active bool) desk.Person {
		return desk.Person{ID: desk.NewID(), Name: name, Role: role, Active: active}
	}
	has, prepared, gone := person("has", desk.Agent, true), person("prepared", desk.Agent, true), person("gone", desk.Agent, false)
	lead, admin, night := person("lead", desk.Lead, true), person("admin", desk.Admin, true), person("night", desk.Lead, true)
	night.SubcontractorID = desk.NewID()
	all := []desk.Person{has, prepared, gone, lead, night, admin}
	for name, c := range map[string]struct {
		r                  desk.Reminder
		assignee, preparer desk.ID
		all                []desk.Person
		want               string
	}{
		"who has it":                   {desk.Reminder{Kind: desk.NewsOverdue}, has.ID, prepared.ID, all, "has"},
		"else who prepared it":         {desk.Reminder{Kind: desk.NewsOverdue}, desk.Nobody, prepared.ID, all, "prepared"},
		"who left is not told":         {desk.Reminder{Kind: desk.NewsOverdue}, gone.ID, prepared.ID, all, "prepared"},
		"else the leads":               {desk.Reminder{Kind: desk.NewsOverdue}, gone.ID, gone.ID, all, "lead"},
		"a day later the leads, too":   {desk.Reminder{Kind: desk.NewsOverdue, Late: true}, has.ID, prepared.ID, all, "has lead"},
		"a lead who has it hears once": {desk.Reminder{Kind: desk.NewsOverdue, Late: true}, lead.ID, prepared.ID, all, "lead"},
		"an approval is the leads'":    {desk.Reminder{Kind: desk.ApprovalWaits}, has.ID, prepared.ID, all, "lead"},
		"so is what has no date":       {desk.Reminder{Kind: desk.OursSilent}, has.ID, prepared.ID, all, "lead"},
		"or the admins'":               {desk.Reminder{Kind: desk.ApprovalWaits}, has.ID, prepared.ID, []desk.Person{has, admin}, "admin"},
	} {
		got := ""
		for _, p := range c.r.People(desk.Escalation{PreparedBy: c.preparer}, c.assignee, c.all) {
			if got != "" {
				got += " "
			}
			got += p.Name
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
