package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"guichet/internal/access"
)

// ToldRelationship is one as a reading of the partner's tenant tells it, without
// its groups.
type ToldRelationship struct {
	access.Relationship
	Tenant   string // the customer's, lower-case GUID
	Customer string // his name, as he has it at Microsoft
	ETag     string
}

// ReadRelationships is what a reading brought.
type ReadRelationships struct {
	List   []ToldRelationship
	Unread []Unread
}

// Tenants are those of the reading, each once.
func (r ReadRelationships) Tenants() []string {
	var list []string
	for _, t := range r.List {
		list = append(list, t.Tenant)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Hear holds a whole reading against what the desk has: what is new or has
// changed, and what is listed no more, which is kept as ended. Strangers are
// relationships with companies that are no customers here.
func (r ReadRelationships) Hear(have []AccessRelationship, customers map[string]ID, now time.Time) (changed []AccessRelationship, strangers int) {
	known := make(map[string]AccessRelationship, len(have))
	for _, h := range have {
		known[strings.ToLower(h.ID)] = h
	}
	listed := map[string]bool{}
	for _, told := range r.List {
		customer, ours := customers[told.Tenant]
		if !ours {
			strangers++
			continue
		}
		if listed[told.ID] {
			continue // once is enough
		}
		listed[told.ID] = true
		was, found := known[told.ID]
		if found && was.ETag == told.ETag && told.ETag != "" && was.CustomerID == customer && was.GoneAt == nil {
			continue
		}
		next := AccessRelationship{RowID: NewID(), CustomerID: customer, Relationship: told.Relationship, ETag: told.ETag}
		if found {
			next.RowID, next.Groups = was.RowID, was.Groups // GroupsAt is empty: they are read again first
		}
		changed = append(changed, next)
	}
	for _, was := range have {
		if !listed[strings.ToLower(was.ID)] && was.GoneAt == nil {
			was.GoneAt = &now
			if !was.Past(now) && access.StatusOf(was.Status) != "expired" {
				was.Status = "terminated"
			}
			changed = append(changed, was)
		}
	}
	return changed, strangers
}

// GroupsToRead are the relationships whose groups are to be read now: those in
// force, the ones never read before those read longest ago. Due tells how many
// were never read.
func GroupsToRead(have []AccessRelationship, most int, now time.Time) (list []AccessRelationship, due int) {
	for _, h := range have {
		if h.Live(now) && h.GoneAt == nil {
			list = append(list, h)
			if h.GroupsAt == nil {
				due++
			}
		}
	}
	slices.SortStableFunc(list, func(a, b AccessRelationship) int {
		switch {
		case a.GroupsAt == nil && b.GroupsAt == nil:
			return cmp.Compare(a.ID, b.ID)
		case a.GroupsAt == nil:
			return -1
		case b.GroupsAt == nil:
			return 1
		}
		return a.GroupsAt.Compare(*b.GroupsAt)
	})
	return list[:min(len(list), most)], due
}
