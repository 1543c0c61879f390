package desk

import (
	"time"
)

// Clearance is whether a lead let the escalation go.
type Clearance struct {
	State  ClearanceState `json:"state,omitempty"`
	By     ID             `json:"by,omitzero"` // who decided
	Name   string         `json:"name,omitempty"`
	At     *time.Time     `json:"at,omitempty"`
	Reason string         `json:"reason,omitempty"` // of a refusal
}

// ClearanceState is where an approval stands.
type ClearanceState string

// The states of an approval; "" where none was asked for.
const (
	ClearanceAsked   ClearanceState = "asked"
	ClearanceGiven   ClearanceState = "given"
	ClearanceRefused ClearanceState = "refused"
)

// Lead sends an escalation another way, worked out anew or chosen by a person, as
// long as it is not filed. Errors: ErrConflict once it is; Invalid on "why" for a
// choice without a reason.
func (e *Escalation) Lead(r RouteTaken, now time.Time) error {
	if !e.State.Before() {
		return ErrConflict
	}
	r.Why = cleanText(r.Why)
	if r.Instead != nil {
		var p Problems
		p.Text("why", r.Why, 1, MaxReason)
		if err := p.Err(); err != nil {
			return err
		}
	}
	e.lead(r)
	e.ask("", now)
	return nil
}

func (e *Escalation) lead(r RouteTaken) {
	e.Route, e.Target, e.Portal = r, r.Way.Target, r.Way.Portal
	if r.Instead != nil {
		e.Target = *r.Instead
		if e.Target != r.Way.Target {
			e.Portal = ""
		}
	}
}

// ask goes back to the beginning of the approval: what a lead let go has changed.
func (e *Escalation) ask(s ClearanceState, now time.Time) {
	e.Clearance = Clearance{State: s}
	e.State, e.DueAt = EscalationPreparing, nil
	if s == ClearanceAsked {
		within := now.Add(ApprovalWithin)
		e.State, e.DueAt = EscalationApproval, &within
	}
	e.ChangedAt = now
}

// MaxAnswer is the longest answer in a dossier, in characters.
const MaxAnswer = 10_000

// Answer takes what a person typed into the dossier; an empty answer forgets the
// typed one. A dossier that was approved is approved no longer. Errors: ErrConflict
// once it has ended; Invalid, by the field's key.
func (e *Escalation) Answer(typed map[string]string, now time.Time) error {
	if e.State == EscalationEnded {
		return ErrConflict
	}
	var p Problems
	changed := false
	answers := map[string]string{}
	for key, text := range e.Answers {
		answers[key] = text
	}
	for key, text := range typed {
		text = cleanText(text)
		p.Text(key, text, 0, MaxAnswer)
		if answers[key] == text {
			continue
		}
		changed = true
		if answers[key] = text; text == "" {
			delete(answers, key)
		}
	}
	if err := p.Err(); err != nil || !changed {
		return err
	}
	e.Answers, e.ChangedAt = answers, now
	if e.State.Before() {
		e.ask("", now)
	}
	return nil
}

// AskApproval lays it before a lead. Errors: ErrConflict unless it is being prepared.
func (e *Escalation) AskApproval(now time.Time) error {
	if e.State != EscalationPreparing {
		return ErrConflict
	}
	e.ask(ClearanceAsked, now)
	return nil
}

// Approve lets it go, or sends it back with a reason. Errors: ErrConflict unless
// a lead was asked; Invalid on "reason" for a refusal without one.
func (e *Escalation) Approve(yes bool, reason string, who Person, now time.Time) error {
	if e.State != EscalationApproval {
		return ErrConflict
	}
	reason = cleanText(reason)
	var p Problems
	if !yes {
		p.Text("reason", reason, 1, MaxReason)
	}
	if err := p.Err(); err != nil {
		return err
	}
	e.Clearance = Clearance{State: ClearanceGiven, By: who.ID, Name: who.Name, At: &now}
	e.State, e.DueAt, e.ChangedAt = EscalationReady, nil, now
	if !yes {
		e.Clearance.State, e.Clearance.Reason, e.State = ClearanceRefused, reason, EscalationPreparing
	}
	return nil
}

// NeedsApproval tells whether a lead must still let it go.
func (e Escalation) NeedsApproval(h Handover, severity string) bool {
	return e.Clearance.State != ClearanceGiven && h.NeedsApproval(severity)
}
