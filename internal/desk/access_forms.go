package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"guichet/internal/access"
)

// RelationshipForm is a delegated relationship as its form holds it.
type RelationshipForm struct {
	Code       string // Microsoft's id, "" when nobody has it at hand
	Name       string
	Status     string
	Ends       string // a day
	AutoExtend bool
	Roles      []string // template ids
}

// With is the relationship as somebody types it in. What Microsoft told of it
// before no longer counts. Errors: Invalid, by field.
func (r AccessRelationship) With(f RelationshipForm) (AccessRelationship, error) {
	var p Problems
	if r.RowID == Nobody {
		r.RowID = NewID()
	}
	r.ID, r.Name, r.Status = strings.ToLower(strings.TrimSpace(f.Code)), clean(f.Name), access.StatusOf(f.Status)
	r.AutoExtend, r.Source, r.ETag, r.Groups, r.GroupsAt, r.GoneAt = f.AutoExtend, access.FromHand, "", nil, nil, nil
	if r.ID != "" && !access.IsRelationshipID(r.ID) {
		p.Add("code", "access.error.code")
	}
	p.Text("access_name", r.Name, 1, access.MostName)
	p.OneOf("status", r.Status, access.Statuses...)
	r.EndsAt = nil
	if text := strings.TrimSpace(f.Ends); text != "" {
		at, problem := access.ReadDate(text)
		if problem != "" {
			p.Add("ends", "access.error.date")
		}
		r.EndsAt = at
	}
	r.Roles = []string{}
	for _, id := range f.Roles {
		if role, ok := access.RoleNamed(id); ok && !slices.Contains(r.Roles, role.ID) {
			r.Roles = append(r.Roles, role.ID)
		} else if !ok {
			p.Add("roles", "error.choose")
		}
	}
	if len(r.Roles) == 0 {
		p.Add("roles", "access.error.roles")
	}
	return r, p.Err()
}

// FormOf is the form as a relationship stands.
func (r AccessRelationship) FormOf() RelationshipForm {
	f := RelationshipForm{Code: r.ID, Name: r.Name, Status: access.StatusOf(r.Status), AutoExtend: r.AutoExtend, Roles: r.Roles}
	if r.EndsAt != nil {
		f.Ends = r.EndsAt.UTC().Format("2006-01-02")
	}
	return f
}

// With is the facts as a form says. Errors: Invalid, by field.
func (f AccessFacts) With(azure, reseller, premium string, by ID) (AccessFacts, error) {
	var p Problems
	f.AzureRole, f.Reseller, f.EntraPremium, f.PersonID = azure, reseller, premium, by
	p.OneOf("azure_role", azure, AzureRoles...)
	p.OneOf("reseller", reseller, access.Yes, access.No, access.Unknown)
	p.OneOf("entra_premium", premium, access.Yes, access.No, access.Unknown)
	return f, p.Err()
}

// AzureRoles are those that a form offers.
var AzureRoles = []string{access.Unknown, access.AzureNone, access.AzureSupport, access.AzureContributor, access.AzureOwner}

// AccessPage is the list of customers by when access to them ends.
type AccessPage struct {
	Graph  bool // there is an application to read as
	Tenant string
	Reader AccessReader // its state is "" when nobody ever wanted it
	Filter AccessFilter
	Rows   []AccessRow
	Next   string // key of the next page, "" for none
}

// CustomersAccess is all that is known of one customer.
type CustomersAccess struct {
	Customer Customer
	List     []AccessRelationship
	Facts    AccessFacts
	Reader   AccessReader
	Holding  access.Holding
	Now      time.Time
}

// Verdict judges one thing.
func (c CustomersAccess) Verdict(workload string, a access.Action) access.Verdict {
	return access.Judge(c.Holding, string(c.Customer.Relationship), workload, a, c.Now)
}

// State is how it stands, as the list says it.
func (c CustomersAccess) State() AccessState {
	if len(c.List) == 0 {
		return AccessUnknown
	}
	state := AccessGone
	for _, r := range c.List {
		if !r.Live(c.Now) || r.ReadOnly() {
			continue
		}
		if end := r.EndOf(); end == nil || end.Sub(c.Now) > access.SoonDays*24*time.Hour {
			return AccessFine
		}
		state = AccessSoon
	}
	return state
}

// Ends is when the last of those in force ends; nil when none does, or none is.
func (c CustomersAccess) Ends() *time.Time {
	var last *time.Time
	for _, r := range c.List {
		if r.Live(c.Now) && !r.ReadOnly() {
			last = newer(last, r.EndOf())
		}
	}
	return last
}

// AccessImport is what a file says, line by line, and what became of it.
type AccessImport struct {
	Text  string
	File  access.File
	Lines []ImportedLine
	Done  bool // it was stored
	Good  int
	Bad   int
}

// ImportedLine is a line with the customer that it means.
type ImportedLine struct {
	access.Line
	CustomerID ID // Nobody: none, or several
	Name       string
}

// ForAccess finds whom each line means, and what of it can be stored.
func ForAccess(text string, customers []Customer) AccessImport {
	i := AccessImport{Text: text, File: access.ReadCSV(text)}
	named := namesOf(customers)
	seen := map[string]bool{}
	for _, l := range i.File.Lines {
		one := ImportedLine{Line: l}
		switch found := named[strings.ToLower(l.Customer)]; {
		case l.Customer == "":
		case len(found) == 0:
			one.Problems = append(slices.Clone(one.Problems), access.Reason{Key: "nobody", Args: map[string]string{"Said": l.Customer}})
		case len(found) > 1:
			one.Problems = append(slices.Clone(one.Problems), access.Reason{Key: "several", Args: map[string]string{"Said": l.Customer}})
		default:
			one.CustomerID, one.Name = found[0].ID, found[0].Name
		}
		if r := l.Relationship; r != nil && r.ID != "" {
			if seen[r.ID] {
				one.Problems = append(slices.Clone(one.Problems), access.Reason{Key: "twice"})
			}
			seen[r.ID] = true
		}
		if len(one.Problems) > 0 {
			i.Bad++
		} else {
			i.Good++
		}
		i.Lines = append(i.Lines, one)
	}
	return i
}

// namesOf finds customers by all that a file may call them.
func namesOf(customers []Customer) map[string][]Customer {
	named := map[string][]Customer{}
	for _, c := range customers {
		names := append([]string{c.Name, c.Tenant, c.InitialDomain}, c.Domains...)
		for i, n := range names {
			names[i] = strings.ToLower(n)
		}
		slices.Sort(names)
		for _, n := range slices.Compact(names) {
			if n != "" {
				named[n] = append(named[n], c)
			}
		}
	}
	return named
}

// Store is what the good lines change: relationships, and facts where a line says
// any. What a line does not say stays as it was.
func (i AccessImport) Store(facts map[ID]AccessFacts, by ID) (list []AccessRelationship, changed []AccessFacts) {
	said := map[ID]bool{}
	for _, l := range i.Lines {
		if len(l.Problems) > 0 {
			continue
		}
		if l.Relationship != nil {
			list = append(list, AccessRelationship{RowID: NewID(), CustomerID: l.CustomerID, Relationship: *l.Relationship})
		}
		if l.AzureRole+l.Reseller+l.EntraPremium == "" {
			continue
		}
		f, told := facts[l.CustomerID]
		if !told {
			f = UnknownFacts(l.CustomerID)
		}
		f.AzureRole, f.Reseller, f.EntraPremium, f.PersonID = cmp.Or(l.AzureRole, f.AzureRole), cmp.Or(l.Reseller, f.Reseller), cmp.Or(l.EntraPremium, f.EntraPremium), by
		facts[l.CustomerID], said[l.CustomerID] = f, true
	}
	for customer := range said {
		changed = append(changed, facts[customer])
	}
	return list, changed
}
