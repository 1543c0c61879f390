package access

import (
	"slices"
	"time"
)

// byRelationship judges the part that delegated relationships give.
func (n need) byRelationship(v *Verdict, h Holding, now time.Time) {
	var best *Relationship
	for i := range h.Relationships {
		r := &h.Relationships[i]
		if !r.Live(now) || n.writes && r.ReadOnly() || len(n.held(*r)) == 0 {
			continue
		}
		if best == nil || later(*r, *best) {
			best = r
		}
	}
	if best != nil {
		v.Held, v.Ends, v.Relationship = n.held(*best), best.EndOf(), best.ID
		for _, role := range v.Held {
			v.Groups = append(v.Groups, best.groupsWith(role.ID)...)
		}
		slices.Sort(v.Groups)
		v.Groups = slices.Compact(v.Groups)
		v.Because = append(v.Because, Reason{Key: "held", Args: map[string]string{"Role": v.Held[0].Name, "Relationship": best.Name}})
		return
	}
	n.explain(v, h, now)
}

// held are the roles of the need that the partner's people hold through a
// relationship, the least first.
func (n need) held(r Relationship) []Role { return n.among(r.RolesGiven()) }

func (n need) among(ids []string) []Role {
	var list []Role
	for _, id := range ids {
		role := RoleByID(id)
		if n.anyRole || slices.ContainsFunc(n.roles, func(needed Role) bool { return sameRole(id, needed.ID) }) {
			list = append(list, role)
		}
	}
	slices.SortStableFunc(list, func(a, b Role) int { return a.Rank - b.Rank })
	return list
}

// later tells which of two ends later; one without an end ends last.
func later(a, b Relationship) bool {
	ea, eb := a.EndOf(), b.EndOf()
	return eb != nil && (ea == nil || ea.After(*eb))
}

// explain says why no relationship gives what is needed: the one that is nearest
// to it tells what to do.
func (n need) explain(v *Verdict, h Holding, now time.Time) {
	v.Least = n.least()
	if _, ok := first(h, func(r Relationship) bool { return r.Live(now) && r.Roles == nil && !(n.writes && r.ReadOnly()) }); ok {
		v.unsure("roles_unknown")
		return
	}
	if r, ok := first(h, func(r Relationship) bool { return n.overdue(r, h, now) }); ok {
		v.unsure("extend_unread")
		v.Relationship = r.ID
		return
	}
	v.Answer = No
	if r, ok := first(h, func(r Relationship) bool {
		return r.Live(now) && !(n.writes && r.ReadOnly()) && len(n.among(r.Roles)) > 0
	}); ok {
		role := n.among(r.Roles)[0]
		v.Least, v.Relationship = role, r.ID
		v.lack(MissingGroup, Reason{Key: groupTrouble(r, role.ID), Args: map[string]string{"Role": role.Name, "Relationship": r.Name}},
			reason("assign_group", "Role", role.Name))
		return
	}
	if r, ok := first(h, func(r Relationship) bool { return r.Live(now) && !(n.writes && r.ReadOnly()) }); ok {
		v.lack(MissingRole, Reason{Key: "role_missing", Args: map[string]string{"Role": v.Least.Name, "Relationship": r.Name}}, reason("ask_role", "Role", v.Least.Name))
		n.offer(v, h)
		return
	}
	n.explainNone(v, h, now)
}

// explainNone says why there is no relationship at all that counts.
func (n need) explainNone(v *Verdict, h Holding, now time.Time) {
	ask := reason("ask_gdap", "Role", v.Least.Name)
	if r, ok := first(h, func(r Relationship) bool { return r.Live(now) }); ok {
		v.lack(MissingGDAP, reason("read_only", "Relationship", r.Name), ask)
	} else if r, ok := first(h, func(r Relationship) bool { return r.Past(now) || ended(r) }); ok {
		why := reason("gdap_over", "Relationship", r.Name)
		if r.EndsAt != nil && r.Past(now) {
			why = Reason{Key: "gdap_ended", Args: map[string]string{"Relationship": r.Name, "Date": date(*r.EndsAt)}}
		}
		v.lack(MissingGDAP, why, ask)
	} else {
		v.lack(MissingGDAP, Reason{Key: "gdap_none"}, ask)
	}
	n.offer(v, h)
}

// offer names a relationship that waits for the customer and would do: then only
// its approval is to be asked for.
func (n need) offer(v *Verdict, h Holding) {
	if r, ok := first(h, func(r Relationship) bool { return r.Pending() && (r.Roles == nil || len(n.among(r.Roles)) > 0) }); ok {
		v.Relationship = r.ID
		v.WayOut[len(v.WayOut)-1] = reason("approve", "Relationship", r.Name)
	}
}

// overdue tells a relationship that extends by itself, and whose end has come only
// since anybody looked.
func (n need) overdue(r Relationship, h Holding, now time.Time) bool {
	s := StatusOf(r.Status)
	return (s == "active" || s == "expiring") && r.Past(now) && r.Extends() && !(n.writes && r.ReadOnly()) && len(n.held(r)) > 0 &&
		h.CheckedAt != nil && h.CheckedAt.Before(*r.EndsAt)
}

func ended(r Relationship) bool {
	switch StatusOf(r.Status) {
	case "expired", "terminationRequested", "terminating", "terminated":
		return true
	}
	return false
}

func groupTrouble(r Relationship, role string) string {
	for _, g := range r.Groups {
		if slices.ContainsFunc(g.Roles, func(id string) bool { return sameRole(id, role) }) {
			switch StatusOf(g.Status) {
			case "error":
				return "group_error"
			case "pending":
				return "group_pending"
			}
		}
	}
	return "group_missing"
}

func (v *Verdict) lack(what string, why, way Reason) {
	v.Missing = append(v.Missing, what)
	v.Because, v.WayOut = append(v.Because, why), append(v.WayOut, way)
}

func (v *Verdict) unsure(why string) {
	v.Answer = Unknown
	v.Because, v.WayOut = append(v.Because, Reason{Key: why}), append(v.WayOut, Reason{Key: "record"})
}

func first(h Holding, fits func(Relationship) bool) (Relationship, bool) {
	if i := slices.IndexFunc(h.Relationships, fits); i >= 0 {
		return h.Relationships[i], true
	}
	return Relationship{}, false
}
