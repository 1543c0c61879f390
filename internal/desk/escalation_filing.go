package desk

import (
	"regexp"
	"time"

	"guichet/internal/route"
)

// Filing is what a person brings back from the portal where he filed a request.
type Filing struct {
	Request  string
	Severity string
	At       *time.Time // nil: now
	BadAt    bool       // typed but not a date
	Anyway   bool       // although the dossier lacks something: they took it
	Plan     PlanTaken
}

// referenceShape is a request's number at anybody but Microsoft.
var referenceShape = regexp.MustCompile(`^[\pL\pN][\pL\pN ._/#:-]{0,59}$`)

// File notes that they have the request, under which number and since when, with
// the moment until which they promised to answer; nil where they promise nothing.
// Errors: Invalid on "request", "severity" or "filed_at"; ErrConflict when it is
// filed already or has ended.
func (e *Escalation) File(f Filing, replyDue *time.Time, who ID, now time.Time) error {
	if !e.State.Before() {
		return ErrConflict
	}
	f.Request = e.numberOf(f.Request)
	var p Problems
	e.checkRequest(&p, f.Request)
	if e.Target == route.Microsoft {
		p.OneOf("severity", f.Severity, "A", "B", "C")
	} else {
		p.OneOf("severity", f.Severity, "", "A", "B", "C")
	}
	at := happenedAt(&p, "filed_at", f.At, f.BadAt, now)
	if err := p.Err(); err != nil {
		return err
	}
	e.Request, e.Severity, e.Plan, e.FiledBy, e.FiledAt = f.Request, f.Severity, f.Plan, who, &at
	e.State, e.ReplyDueAt, e.ChangedAt = EscalationFiled, replyDue, now
	e.due(replyDue)
	return nil
}

// numberOf is a number as it is kept: Microsoft's without what stands between its
// digits, others' as they write them.
func (e Escalation) numberOf(typed string) string {
	if e.Target == route.Microsoft {
		return requestNumber(typed)
	}
	return clean(typed)
}

// checkRequest asks Microsoft's numbers to be Microsoft's; others' are as they are,
// and a desk of this installation gives its own.
func (e Escalation) checkRequest(p *Problems, number string) {
	switch {
	case e.Target == route.Microsoft && !requestShape.MatchString(number):
		p.Add("request", "error.request")
	case number != "" && e.Target != route.Microsoft && !referenceShape.MatchString(number):
		p.Add("request", "error.escalation.reference")
	}
}

// Renumber corrects their number. Errors: Invalid on "request"; ErrConflict unless
// it is filed.
func (e *Escalation) Renumber(number string, now time.Time) error {
	if !e.State.Filed() {
		return ErrConflict
	}
	number = e.numberOf(number)
	var p Problems
	e.checkRequest(&p, number)
	if err := p.Err(); err != nil {
		return err
	}
	e.Request, e.ChangedAt = number, now
	return nil
}
