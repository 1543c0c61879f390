package desk

import "slices"

// LetterKind is a letter whose words a desk may choose, by what happened.
type LetterKind string

// LetterSubject is the subject of all letters about a ticket: one, since mail programs
// keep a conversation together by it.
const LetterSubject LetterKind = "subject"

// LetterGroup is a part of the list of letters.
type LetterGroup string

// The parts. Letters of the first two are about a ticket, and share its subject.
const (
	LettersOfTicket   LetterGroup = "ticket" // to the customer, and to whoever follows
	LettersToTeam     LetterGroup = "team"   // about a ticket, to who works on it
	LettersToReader   LetterGroup = "reader" // to one person, about no ticket
	LettersEscalation LetterGroup = "escalation"
	LettersOfDesk     LetterGroup = "desk" // to who leads a desk
)

// LettersIn is a part of the list with its letters.
type LettersIn struct {
	Group LetterGroup
	Kinds []LetterKind
}

// LetterGroups lists all letters, those that customers read first.
func LetterGroups() []LettersIn {
	return []LettersIn{
		{LettersOfTicket, []LetterKind{LetterSubject, "received", "reply", "state_resolved", "state_closed", "state_waiting_microsoft", "state_waiting_third_party", "reopened",
			"approval", "approved", "refused", "known", "news", "works", "back", "digest"}},
		{LettersToTeam, []LetterKind{"customer_wrote", "assigned", "due", "overdue", "persists"}},
		{LettersToReader, []LetterKind{"link", "daily"}},
		{LettersEscalation, []LetterKind{"dossier", "remind_reply", "remind_news", "remind_ours", "remind_ours_silent", "remind_customer", "remind_customer_silent", "remind_approval"}},
		{LettersOfDesk, []LetterKind{"incident_proposed", "access_ending", "plan_ending", "webhook_gone", "webhook_failing"}},
	}
}

// LetterKinds lists them all.
func LetterKinds() (list []LetterKind) {
	for _, g := range LetterGroups() {
		list = append(list, g.Kinds...)
	}
	return list
}

// Group is where a letter stands, "" for what is none.
func (k LetterKind) Group() LetterGroup {
	for _, g := range LetterGroups() {
		if slices.Contains(g.Kinds, k) {
			return g.Group
		}
	}
	return ""
}

// InThread tells a letter that has the subject of all letters about its ticket.
func (k LetterKind) InThread() bool {
	g := k.Group()
	return k != LetterSubject && (g == LettersOfTicket || g == LettersToTeam)
}

// HasSubject tells words with a subject of their own, and HasBody those with a text.
func (k LetterKind) HasSubject() bool { return !k.InThread() }

// HasBody is false for the subject of letters about tickets alone.
func (k LetterKind) HasBody() bool { return k != LetterSubject }

// Must is the variable that a text cannot be without, "" for none: it stands for what
// the letter is sent for, on lines of its own.
func (k LetterKind) Must() string {
	switch k {
	case "link":
		return "link"
	case "dossier":
		return "dossier"
	case "daily", "access_ending", "plan_ending":
		return "list"
	}
	return ""
}

// Block is the variable that stands for lines of their own, "" for none.
func (k LetterKind) Block() string {
	if must := k.Must(); must != "" {
		return must
	}
	if k.Group() == LettersEscalation {
		return "details"
	}
	return ""
}

// Variables lists what stands for something in a text, between braces. That is all:
// words are no program.
func (k LetterKind) Variables() []string {
	list := append(k.SubjectVariables(), k.about()...)
	if k.InThread() {
		list = slices.Insert(list, 2, "name")
	}
	return list
}

// SubjectVariables are those of a subject, which is one line.
func (k LetterKind) SubjectVariables() []string {
	switch k {
	case "link":
		return []string{"name", "desk"}
	case "daily":
		return []string{"name", "desk", "day", "tickets"}
	case "dossier":
		return []string{"number", "subject", "name", "desk"}
	case "incident_proposed":
		return []string{"number", "title", "name", "desk", "customers"}
	case "access_ending":
		return []string{"name", "desk", "customers", "day"}
	case "plan_ending":
		return []string{"name", "desk", "contracts", "day"}
	case "webhook_gone", "webhook_failing":
		return []string{"name", "desk", "host", "url"}
	}
	if k.Group() == LettersEscalation {
		return []string{"number", "target", "customer", "when", "ticket", "subject", "name", "desk"}
	}
	return []string{"number", "subject", "desk"} // of a ticket: the same for every letter
}

// about lists what only the text of a letter may hold.
func (k LetterKind) about() []string {
	switch k {
	case "reply", "customer_wrote", "approval":
		return []string{"who"}
	case "approved":
		return []string{"approver"}
	case "refused":
		return []string{"approver", "reason"}
	case "due", "overdue":
		return []string{"clock", "when"}
	case "digest":
		return []string{"count"}
	}
	if block := k.Block(); block != "" {
		return []string{block}
	}
	return nil
}
