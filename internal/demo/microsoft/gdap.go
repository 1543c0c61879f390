package microsoft

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Delegated is a relationship that a partner's tenant has with a customer's.
type Delegated struct {
	Customer string // the customer's tenant
	Name     string
	Status   string
	Roles    []string // template ids
	EndsIn   time.Duration
	Extends  bool
	Group    string // status of the group that got all roles; "" for none
}

// routeDelegated answers what Graph tells a partner of his relationships
// ("Granular delegated admin privileges API overview").
func (s *Server) routeDelegated() {
	s.mux.HandleFunc("GET /graph/v1.0/tenantRelationships/delegatedAdminRelationships", s.graph(s.relationships))
	s.mux.HandleFunc("GET /graph/v1.0/tenantRelationships/delegatedAdminRelationships/{id}/accessAssignments", s.graph(s.assignments))
}

// Delegate puts other relationships in the place of a partner's.
func (s *Server) Delegate(partner string, list []Delegated) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tenants[strings.ToLower(partner)]
	t.Delegated = list
	s.tenants[t.ID] = t
}

func (s *Server) delegated(t Tenant) []Delegated {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tenants[t.ID].Delegated
}

// DelegatedID is the id of a partner's n-th relationship: two GUIDs.
func DelegatedID(partner string, n int) string {
	of := func(what string) string {
		return uuid.NewSHA1(uuid.NameSpaceDNS, []byte(fmt.Sprint(what, partner, n))).String()
	}
	return of("relationship") + "-" + of("request")
}

func (s *Server) relationships(w http.ResponseWriter, r *http.Request, t Tenant) {
	if !t.Partner {
		s.refuse(w, http.StatusForbidden, "Forbidden", "The caller is not a partner.")
		return
	}
	q := r.URL.Query()
	size := 300
	if top := q.Get("$top"); top != "" {
		n, err := strconv.Atoi(top)
		if err != nil || n < 1 || n > 300 {
			s.refuse(w, http.StatusBadRequest, "BadRequest", "The limit of '300' for Top query has been exceeded.")
			return
		}
		size = n
	}
	size = min(size, s.config.LargestPage)
	list := s.delegated(t)
	first, _ := strconv.Atoi(q.Get("$skiptoken")) // what is no number skips nothing
	first = min(max(first, 0), len(list))
	last := min(first+size, len(list))
	value := []entry{}
	for i := first; i < last; i++ {
		value = append(value, s.relationship(t, i, list[i]))
	}
	body := map[string]any{"@odata.context": s.Graph().String() + "/v1.0/$metadata#tenantRelationships/delegatedAdminRelationships", "@odata.count": len(value), "value": value}
	if last < len(list) {
		next := url.Values{"$top": {strconv.Itoa(size)}, "$skiptoken": {strconv.Itoa(last)}}
		body["@odata.nextLink"] = s.Graph().String() + "/v1.0/tenantRelationships/delegatedAdminRelationships?" + next.Encode()
	}
	s.answer(w, http.StatusOK, body)
}

// relationship is an entry ("delegatedAdminRelationship resource type").
func (s *Server) relationship(t Tenant, n int, d Delegated) entry {
	const form = "2006-01-02T15:04:05.0000000Z"
	day := s.now().Truncate(24 * time.Hour)
	ends := day.Add(d.EndsIn)
	e := entry{"@odata.type": "#microsoft.graph.delegatedAdminRelationship", "id": DelegatedID(t.ID, n), "displayName": d.Name, "duration": "P730D",
		"customer": map[string]any{"tenantId": d.Customer, "displayName": s.tenants[d.Customer].Name}, "status": d.Status, "accessDetails": unifiedRoles(d.Roles),
		"autoExtendDuration": "PT0S", "createdDateTime": ends.AddDate(-2, 0, -3).Format(form), "lastModifiedDateTime": ends.AddDate(-2, 0, 0).Format(form),
		"activatedDateTime": ends.AddDate(-2, 0, 0).Format(form), "endDateTime": ends.Format(form)}
	if d.Extends {
		e["autoExtendDuration"] = "P180D"
	}
	if d.Status == "approvalPending" || d.Status == "created" {
		e["activatedDateTime"], e["endDateTime"] = nil, nil
	}
	e["@odata.etag"] = fmt.Sprintf(`W/"%x"`, uuid.NewSHA1(uuid.NameSpaceDNS, []byte(fmt.Sprint(d, ends))))
	return e
}

func unifiedRoles(ids []string) map[string]any {
	roles := []map[string]string{}
	for _, id := range ids {
		roles = append(roles, map[string]string{"roleDefinitionId": id})
	}
	return map[string]any{"unifiedRoles": roles}
}

// assignments answers which groups have which roles ("delegatedAdminAccessAssignment
// resource type").
func (s *Server) assignments(w http.ResponseWriter, r *http.Request, t Tenant) {
	for n, d := range s.delegated(t) {
		if DelegatedID(t.ID, n) != strings.ToLower(r.PathValue("id")) {
			continue
		}
		value := []entry{}
		if d.Group != "" {
			group := uuid.NewSHA1(uuid.NameSpaceDNS, []byte("group"+t.ID)).String()
			value = append(value, entry{"@odata.type": "#microsoft.graph.delegatedAdminAccessAssignment", "id": uuid.NewSHA1(uuid.NameSpaceDNS, []byte(fmt.Sprint(t.ID, n))).String(),
				"@odata.etag": `W/"1"`, "status": d.Group, "accessContainer": map[string]string{"accessContainerId": group, "accessContainerType": "securityGroup"},
				"accessDetails": unifiedRoles(d.Roles)})
		}
		s.answer(w, http.StatusOK, map[string]any{"@odata.context": s.Graph().String() + "/v1.0/$metadata#accessAssignments", "value": value})
		return
	}
	s.refuse(w, http.StatusNotFound, "NotFound", "The relationship was not found.")
}
