package corpus

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
)

func setup(t *testing.T) (Corpus, map[string]Person) {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	people := map[string]Person{}
	for _, p := range c.People {
		if _, twice := people[p.Email]; twice {
			t.Errorf("%s is listed twice", p.Email)
		}
		people[p.Email] = p
	}
	return c, people
}

func TestPeopleBelongSomewhere(t *testing.T) {
	t.Parallel()
	c, _ := setup(t)
	domains := map[string]string{}
	for _, customer := range c.Customers {
		key := customer.Desk + "/" + customer.Key
		if domains[key] != "" || customer.Name == "" || customer.Domain == "" {
			t.Errorf("customer %s is listed twice or incomplete", key)
		}
		if !slices.Contains([]string{"direct", "reseller", "provider"}, customer.Relationship) {
			t.Errorf("customer %s: relationship %q", key, customer.Relationship)
		}
		domains[key] = customer.Domain
	}
	for _, p := range c.People {
		domain, roles := p.Desk+".example", []string{"agent", "lead", "admin"}
		if p.Customer != "" {
			domain, roles = domains[p.Desk+"/"+p.Customer], []string{"contact", "manager"}
		}
		if p.Subcontractor != "" { // his company writes its name without the hyphen
			domain, roles = strings.ReplaceAll(p.Subcontractor, "-", "")+".example", []string{"agent", "lead"}
		}
		if domain == "" || !strings.HasSuffix(p.Email, "@"+domain) || !slices.Contains(roles, p.Role) || p.Name == "" {
			t.Errorf("%+v does not fit the desk or customer", p)
		}
		if p.Language != "fr" && p.Language != "en" {
			t.Errorf("%s speaks %q", p.Email, p.Language)
		}
	}
}

func TestTicketsAreComplete(t *testing.T) {
	t.Parallel()
	c, people := setup(t)
	for _, ticket := range c.Tickets {
		form := desk.Submission{
			Kind: ticket.Kind, Subject: ticket.Subject, Body: ticket.Body, Service: ticket.Service, Region: ticket.Region,
			Affected: ticket.Affected, Impact: ticket.Impact,
		}
		if _, _, err := desk.NewTicket(form, desk.NewID(), desk.NewID(), time.Unix(0, 0)); err != nil {
			t.Errorf("%s: the form would refuse it: %v", ticket.Subject, err)
		}
		if people[ticket.From].Customer == "" {
			t.Errorf("%s: asked by %s, who is no customer", ticket.Subject, ticket.From)
		}
		if a := people[ticket.Assignee]; ticket.Assignee != "" && (a.Desk != ticket.Desk || a.Customer != "") {
			t.Errorf("%s: assigned to %s", ticket.Subject, ticket.Assignee)
		}
		if ticket.Assignee == "" && ticket.State != "new" {
			t.Errorf("%s: %s without anyone who has it", ticket.Subject, ticket.State)
		}
		if ticket.Priority < 1 || ticket.Priority > 4 {
			t.Errorf("%s: priority %d", ticket.Subject, ticket.Priority)
		}
	}
}

func TestStepsAreOfTheirKind(t *testing.T) {
	t.Parallel()
	c, people := setup(t)
	for _, ticket := range c.Tickets {
		var last time.Duration
		for _, s := range ticket.Steps {
			if s.After.Duration < last || s.After.Duration >= ticket.Age.Duration {
				t.Errorf("%s: a step after %v is out of order or still to come", ticket.Subject, s.After)
			}
			last = s.After.Duration
			by := people[s.By]
			if by.Desk != ticket.Desk || by.Customer != "" && by.Customer != ticket.Customer {
				t.Errorf("%s: %s has no place here", ticket.Subject, s.By)
			}
			if by.Customer != "" && (s.Note != "" || s.Finding != "") {
				t.Errorf("%s: %s writes what only the desk may", ticket.Subject, s.By)
			}
			checkStep(t, ticket.Subject, s)
		}
	}
}

func checkStep(t *testing.T, subject string, s Step) {
	t.Helper()
	set := 0
	for _, field := range []string{s.Message, s.Note, s.Finding, s.State} {
		if field != "" {
			set++
		}
	}
	if set != 1 {
		t.Errorf("%s, after %v: %d things at once", subject, s.After, set)
	}
	whole := slices.Contains(desk.FindingKinds, s.Finding) && slices.Contains(desk.FindingResults, s.Result) && s.Text != ""
	if s.Finding != "" && !whole || s.Finding == "" && s.Result+s.Text != "" {
		t.Errorf("%s, after %v: finding %q %q %q", subject, s.After, s.Finding, s.Result, s.Text)
	}
	if s.State != "" && !slices.Contains(desk.States(), desk.State(s.State)) {
		t.Errorf("%s, after %v: state %q", subject, s.After, s.State)
	}
}

// The steps are played by the desk's own verbs, so the state that a ticket claims must be the one they lead to.
func TestStepsLeadToTheState(t *testing.T) {
	t.Parallel()
	c, people := setup(t)
	now := time.Unix(0, 0)
	for _, ticket := range c.Tickets {
		played := desk.Ticket{State: desk.New, Impact: desk.Slowed}
		for _, s := range ticket.Steps {
			switch {
			case s.State != "":
				played.Move(desk.State(s.State), desk.Level{}, now)
			case s.Message != "" && people[s.By].Customer != "":
				played.CustomerWrote(desk.Level{}, now)
			case s.Message != "":
				played.DeskWrote(desk.Level{}, now)
			}
		}
		if string(played.State) != ticket.State {
			t.Errorf("%s: says %s, its steps lead to %s", ticket.Subject, ticket.State, played.State)
		}
	}
}

func TestCorpusLooksReal(t *testing.T) {
	t.Parallel()
	c, people := setup(t)
	perDesk, seen, recent := map[string]int{}, map[string]bool{}, 0
	for _, ticket := range c.Tickets {
		perDesk[ticket.Desk]++
		for _, value := range []string{
			ticket.Kind, ticket.State, ticket.Affected, ticket.Impact, ticket.Desk + "/" + ticket.Customer, people[ticket.From].Language,
		} {
			seen[value] = true
		}
		if ticket.Age.Duration <= 48*time.Hour {
			recent++
		}
		messages := 1
		for _, s := range ticket.Steps {
			seen["finding "+s.Finding], seen["result "+s.Result] = true, true
			if s.Message != "" {
				messages++
			}
		}
		if messages > 8 {
			t.Errorf("%s: %d messages", ticket.Subject, messages)
		}
	}
	if perDesk["alpine"] != 70 || perDesk["brume"] != 12 || perDesk["meridian"] != 8 {
		t.Errorf("tickets per desk: %v", perDesk)
	}
	if oldest := c.Tickets[0].Age.Duration; oldest < 35*24*time.Hour || recent < len(c.Tickets)/4 {
		t.Errorf("the oldest is %v old, %d of two days", oldest, recent)
	}
	wanted := slices.Concat(desk.Kinds, desk.Affecteds, []string{"stopped", "slowed", "minor", "fr", "en"})
	for _, state := range desk.States() {
		wanted = append(wanted, string(state))
	}
	for _, kind := range desk.FindingKinds {
		wanted = append(wanted, "finding "+kind)
	}
	for _, result := range desk.FindingResults {
		wanted = append(wanted, "result "+result)
	}
	for _, customer := range c.Customers {
		wanted = append(wanted, customer.Desk+"/"+customer.Key)
	}
	for _, value := range wanted {
		if !seen[value] {
			t.Errorf("nothing shows %q", value)
		}
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"40m": 40 * time.Minute, "2d6h": 54 * time.Hour, "1d": 24 * time.Hour} {
		var s Span
		if err := s.UnmarshalText([]byte(text)); err != nil || s.Duration != want {
			t.Errorf("%s: %v, %v", text, s, err)
		}
	}
	for _, text := range []string{"", "soon", "xd4h", "1dsoon"} {
		var s Span
		if err := s.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q reads as %v", text, s)
		}
	}
}
