// Package dossier makes the evidence that an escalation carries: what the target will ask for a
// workload, filled from the ticket, findings, known issues and ids in texts; what is missing and
// who can tell; how it reads in each portal's form, as text, as JSON and as a zip. It is pure:
// it knows no clock, and reads and writes only what it is given.
package dossier

import "time"

// Input is all that is known when a dossier is made. Absent parts are empty.
type Input struct {
	Now      time.Time
	Form     string // the target's form, one of Forms
	Workload string // one of Workloads; empty: by the ticket's service
	Ticket   Ticket
	Said     []Said  // public messages, oldest first
	Asked    []Asked // which of them asked for what, oldest first
	Findings []Finding
	Issues   []Issue // known issues, linked or looked at
	Customer Customer
	Others   []Customer // further tenants of an incident
	Contact  Contact
	Plan     Plan
	Files    []File
	Answers  map[string]string // what a person typed, by field: beats everything found
	Zone     *time.Location    // the customer's, for times without a zone in texts; nil: such times stay ambiguous
}

// Ticket is the request as the customer's form gave it.
type Ticket struct {
	Number                                                                     int64
	Kind, Subject, Body, Service, Region, Affected, Impact, Category, Language string
	Since                                                                      *time.Time
	CreatedAt                                                                  time.Time
}

// Said is a message that the customer can read. Side is "customer" or "desk".
type Said struct {
	At         time.Time
	Side, Text string
}

// Finding is a diagnostic step. Result is "confirmed", "ruled_out" or "info".
type Finding struct {
	At                 time.Time
	Kind, Result, Text string
}

// Issue is a problem that Microsoft has published.
type Issue struct{ Code, Title, Status string }

// Customer is whose tenant it is about. Country is ISO 3166 alpha-2.
type Customer struct {
	Name, Tenant, InitialDomain string
	Domains                     []string
	Region, Country             string
}

// Contact is whom the target answers: the partner, never the customer.
type Contact struct {
	Name, Email, Phone string
	Zone               string   // IANA
	Language           string   // "en", "fr", …
	Country            string   // ISO 3166 alpha-2
	Extra              []string // further e-mail addresses
	Night              Reachable
}

// Reachable is who answers round the clock.
type Reachable struct{ Name, Phone string }

// Plan is what entitles the partner to ask: "csp", "asfp", "psfp", "premier", "unified",
// "signature" or "incidents".
type Plan struct{ Kind, Name, AccessID, ContractID string }

// File is an attachment that may go with the dossier.
type File struct {
	Name, Type string
	Bytes      int64
}

// Dossier is the evidence as it stands.
type Dossier struct {
	Form, Workload string
	Number         int64     // of the ticket
	MadeAt         time.Time // UTC
	Fields         []Field   // in the order of the table, needed and wished
	Severity       Severity
	Needed, Done   int           // needed fields, and those of them that are filled without a problem
	Files          []FileProblem // files that the form does not take as they are
	Attached       []File
	Tenants        []Customer // the customer, then the others
	Masked         []Masked   // secrets that were found in texts and left out
}

// Field is one thing that the target asks.
type Field struct {
	Key     string
	Value   string
	From    string // "answer", "ticket", "text", "finding", "issue", "customer", "contact", "plan", "file" or ""
	Needed  bool
	Who     string // who can fill it: "customer", "agent", or "desk" in its settings
	Problem string // message key of why the form will not take the value
	At      int    // of the message (0: the ticket's own text, then Said from 1) or of the finding (from 0) it was read in; else -1
}

// FileProblem is a file and why it will not be taken: message keys.
type FileProblem struct {
	File     File
	Problems []string
}

// Missing are the needed fields that are empty or not acceptable.
func (d Dossier) Missing() []Field {
	var missing []Field
	for _, f := range d.Fields {
		if f.Needed && !f.filled() {
			missing = append(missing, f)
		}
	}
	return missing
}

// Complete says whether the dossier can go.
func (d Dossier) Complete() bool { return d.Done == d.Needed }

// Field finds a field by its key.
func (d Dossier) Field(key string) (Field, bool) {
	for _, f := range d.Fields {
		if f.Key == key {
			return f, true
		}
	}
	return Field{At: -1}, false
}

// filled: a value that is only worth a warning still counts.
func (f Field) filled() bool { return f.Value != "" && (f.Problem == "" || warnings[f.Problem]) }

// warnings are problems of a value that the form takes all the same.
var warnings = map[string]bool{
	"dossier.problem.ascii_lost": true,
	"dossier.problem.too_long":   true,
	"dossier.problem.masked":     true,
}

// Build makes the dossier of what is known. It never fails: what cannot be read is missing.
func Build(in Input) Dossier {
	b := newBuilder(in)
	d := Dossier{
		Form: b.in.Form, Workload: b.in.Workload, Number: in.Ticket.Number, MadeAt: in.Now.UTC(),
		Tenants: append([]Customer{b.in.Customer}, b.in.Others...), Attached: b.in.Files,
	}
	b.severity = b.weigh()
	d.Severity = b.severity
	for _, asked := range b.asked() {
		d.Fields = append(d.Fields, b.field(asked))
	}
	for _, f := range d.Fields {
		if f.Needed {
			d.Needed++
			if f.filled() {
				d.Done++
			}
		}
	}
	for _, f := range b.in.Files {
		if problems := CheckFile(b.in.Form, f); len(problems) > 0 {
			d.Files = append(d.Files, FileProblem{f, problems})
		}
	}
	d.Masked = b.masked.list()
	return d
}
