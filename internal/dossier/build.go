package dossier

import (
	"slices"
	"strings"
	"time"
)

// builder is one dossier in the making. Its input is cleaned and masked.
type builder struct {
	in       Input
	form     form
	sources  []source // where ids may stand, the best first
	masked   tally
	wary     map[string]bool // answers that held a secret
	severity Severity
	replies  map[string]found // what the customer answered by number
	listed   map[int]bool     // messages that hold such answers, as sources count them
}

// source is a text and what was read in it.
type source struct {
	from   string // "text" or "finding"
	at     int
	text   string
	traces Traces
}

// found is a value and where it comes from.
type found struct {
	value, from, problem string
	at                   int
}

var nothing = found{at: -1}

func newBuilder(in Input) *builder {
	b := &builder{in: in, wary: map[string]bool{}}
	if in.Workload == "" {
		b.in.Workload = WorkloadOf(in.Ticket.Service)
	}
	b.form = asked().Forms[in.Form]
	b.cleanTicket()
	b.cleanParties()
	b.readSources()
	b.readReplies()
	return b
}

func (b *builder) cleanTicket() {
	t := &b.in.Ticket
	for _, line := range []*string{&t.Subject, &t.Service, &t.Region} {
		*line = b.safeLine(*line)
	}
	t.Body = b.safe(t.Body)
	b.in.Said = slices.Clone(b.in.Said)
	for i := range b.in.Said {
		b.in.Said[i].Text = b.safe(b.in.Said[i].Text)
	}
	b.in.Findings = slices.Clone(b.in.Findings)
	for i := range b.in.Findings {
		b.in.Findings[i].Text = b.safe(b.in.Findings[i].Text)
	}
	answers := make(map[string]string, len(b.in.Answers))
	for key, answer := range b.in.Answers {
		before := b.masked.total()
		answer = b.safe(answer)
		answers[key], b.wary[key] = answer, b.masked.total() > before
	}
	b.in.Answers = answers
}

// cleanParties cleans what people and settings name. It is not masked: a contract id is no
// secret to Microsoft.
func (b *builder) cleanParties() {
	b.in.Customer = cleanCustomer(b.in.Customer)
	b.in.Others = slices.Clone(b.in.Others)
	for i := range b.in.Others {
		b.in.Others[i] = cleanCustomer(b.in.Others[i])
	}
	b.in.Issues = slices.Clone(b.in.Issues)
	for i, issue := range b.in.Issues {
		b.in.Issues[i] = Issue{cleanLine(issue.Code), cleanLine(issue.Title), cleanLine(issue.Status)}
	}
	c, p := &b.in.Contact, &b.in.Plan
	for _, line := range []*string{&c.Name, &c.Email, &c.Phone, &c.Zone, &c.Language, &c.Country, &c.Night.Name, &c.Night.Phone, &p.Kind, &p.Name, &p.AccessID, &p.ContractID} {
		*line = cleanLine(*line)
	}
	c.Extra = slices.Clone(c.Extra)
	for i := range c.Extra {
		c.Extra[i] = cleanLine(c.Extra[i])
	}
	b.in.Files = slices.Clone(b.in.Files)
	for i := range b.in.Files {
		b.in.Files[i].Name = cleanLine(b.in.Files[i].Name)
	}
}

func cleanCustomer(c Customer) Customer {
	c.Name, c.Tenant, c.InitialDomain = cleanLine(c.Name), cleanLine(c.Tenant), cleanLine(c.InitialDomain)
	c.Region, c.Country = cleanLine(c.Region), cleanLine(c.Country)
	return c
}

func (b *builder) safe(text string) string {
	masked, kinds := Mask(clean(text))
	b.masked.add(kinds)
	return masked
}

func (b *builder) safeLine(text string) string { return oneLine(b.safe(text)) }

// readSources orders the texts: what the customer said last is nearest to what is still on
// Microsoft's side; what the desk said may only quote an example.
func (b *builder) readSources() {
	add := func(from string, at int, text string, when time.Time) {
		if text != "" {
			b.sources = append(b.sources, source{from, at, text, read(text, b.in.Zone, when, b.in.Ticket.Language)})
		}
	}
	say := func(side string) {
		for i := len(b.in.Said) - 1; i >= 0; i-- {
			if s := b.in.Said[i]; s.Side == side {
				add("text", i+1, s.Text, s.At)
			}
		}
	}
	say("customer")
	add("text", 0, strings.TrimSpace(b.in.Ticket.Subject+"\n\n"+b.in.Ticket.Body), b.in.Ticket.CreatedAt)
	for i := len(b.in.Findings) - 1; i >= 0; i-- {
		add("finding", i, b.in.Findings[i].Text, b.in.Findings[i].At)
	}
	say("desk")
}

// fault says whether something is broken, rather than asked or billed.
func (b *builder) fault() bool { return b.in.Ticket.Kind == "problem" || b.in.Ticket.Kind == "" }

// ask is a field of this dossier.
type ask struct {
	definition
	needed bool
}

// asked are the fields of the workload and the form, in the order of the table.
func (b *builder) asked() []ask {
	t := asked()
	work := t.Workloads[b.in.Workload]
	needed, wished := map[string]bool{}, map[string]bool{}
	for _, part := range []asks{t.Common, work, {Needed: b.form.Needed, Wished: b.form.Wished}} {
		mark(needed, part.Needed)
		mark(wished, part.Wished)
	}
	for field, more := range work.With {
		if b.find(field).value != "" {
			mark(needed, more)
		}
	}
	for key, answer := range b.in.Answers {
		wished[key] = wished[key] || answer != ""
	}
	b.adjust(needed, wished)
	var list []ask
	for _, d := range t.Fields {
		if needed[d.Key] || wished[d.Key] {
			list = append(list, ask{d, needed[d.Key] && (!d.Fault || b.fault())})
		}
	}
	return list
}

// adjust asks what depends on the case, and drops what the form does not want.
func (b *builder) adjust(needed, wished map[string]bool) {
	plan := b.in.Plan.Kind
	if counted := plan == "signature" || plan == "incidents"; counted {
		mark(needed, []string{"access_id", "contract_id"})
	} else if plan == "csp" || plan == "" {
		delete(wished, "access_id")
		delete(wished, "contract_id")
	}
	if b.severity.wants() {
		needed["contact_night"] = true
	}
	whole := b.in.Ticket.Affected == "whole_tenant" || b.in.Ticket.Affected == "many_tenants"
	if b.in.Ticket.Impact != "stopped" || whole {
		delete(wished, "critical_function")
	}
	if len(b.in.Others) == 0 {
		delete(wished, "other_tenants")
	}
	for _, key := range b.form.Without {
		delete(needed, key)
		delete(wished, key)
	}
}

func mark(set map[string]bool, keys []string) {
	for _, k := range keys {
		set[k] = true
	}
}

// field fills one field and judges its value.
func (b *builder) field(a ask) Field {
	f := b.find(a.Key)
	if f.problem == "" {
		f.problem = b.problem(a.Key, f.value)
	}
	if f.value == "" {
		f.from, f.at = "", -1
	}
	return Field{Key: a.Key, Value: f.value, From: f.from, Needed: a.needed, Who: a.Who, Problem: f.problem, At: f.at}
}
