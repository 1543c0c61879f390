package graph

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"guichet/internal/access"
	"guichet/internal/desk"
	"guichet/internal/microsoft/prose"
	"guichet/internal/microsoft/rest"
)

const (
	mostRelationships = 10_000 // of a partner; ours
	mostAssignments   = 500    // of a relationship; ours
	mostRoles         = 200    // of an entry; ours
	relationshipsPage = "300"  // the most that may be wished ("List delegatedAdminRelationships")
	mostAhead         = 3 * 366 * 24 * time.Hour
)

// Relationships reads the delegated admin relationships of a partner's own
// tenant, page by page ("List delegatedAdminRelationships"; application permission
// DelegatedAdminRelationship.Read.All). What was read before an error is returned
// with it. Their groups are read apart. Errors: desk.Refusal.
func (c *Client) Relationships(ctx context.Context, tenant string, calls *desk.Calls) (desk.ReadRelationships, error) {
	r := relationships{now: c.rest.Now()}
	err := c.rest.List(ctx, rest.Question{Tenant: tenant, Path: "v1.0/tenantRelationships/delegatedAdminRelationships",
		Params: url.Values{"$top": {relationshipsPage}}, Most: mostRelationships}, calls, r.take)
	return r.read, err
}

// Groups reads which of the partner's groups got which roles of a relationship
// ("List accessAssignments"); empty and not nil where none did. Errors:
// desk.Refusal.
func (c *Client) Groups(ctx context.Context, tenant, relationship string, calls *desk.Calls) ([]access.Group, error) {
	if !access.IsRelationshipID(relationship) {
		return nil, desk.Refusal{Kind: desk.RefusedForm, Detail: "no relationship id"}
	}
	groups := []access.Group{}
	err := c.rest.List(ctx, rest.Question{Tenant: tenant, Path: "v1.0/tenantRelationships/delegatedAdminRelationships/" + relationship + "/accessAssignments",
		Most: mostAssignments}, calls, func(entry json.RawMessage) {
		if g, ok := groupOf(entry); ok {
			groups = append(groups, g)
		}
	})
	if err != nil {
		return nil, err // a part would take rights away that are there
	}
	return groups, nil
}

// relationships are those of one reading.
type relationships struct {
	now  time.Time
	read desk.ReadRelationships
}

// unifiedRoles are "delegatedAdminAccessDetails resource type".
type unifiedRoles struct {
	UnifiedRoles []struct {
		RoleDefinitionID string `json:"roleDefinitionId"`
	} `json:"unifiedRoles"`
}

func (u unifiedRoles) ids() []string {
	ids := []string{}
	for _, r := range u.UnifiedRoles[:min(len(u.UnifiedRoles), mostRoles)] {
		if rest.GUID(r.RoleDefinitionID) {
			ids = append(ids, strings.ToLower(r.RoleDefinitionID))
		}
	}
	return ids
}

// take reads an entry ("delegatedAdminRelationship resource type").
func (r *relationships) take(entry json.RawMessage) {
	var raw struct {
		ETag     string `json:"@odata.etag"`
		ID       string `json:"id"`
		Name     string `json:"displayName"`
		Customer *struct {
			TenantID    string `json:"tenantId"`
			DisplayName string `json:"displayName"`
		} `json:"customer"`
		AccessDetails *unifiedRoles `json:"accessDetails"`
		Status        string        `json:"status"`
		AutoExtend    string        `json:"autoExtendDuration"`
		Activated     string        `json:"activatedDateTime"`
		End           string        `json:"endDateTime"`
	}
	if err := json.Unmarshal(entry, &raw); err != nil {
		r.unread(codeOf(entry), wrongForm(err))
		return
	}
	if !access.IsRelationshipID(raw.ID) || raw.Status == "" {
		r.unread(raw.ID, "an id of another form, or no status")
		return
	}
	if raw.Customer == nil || !rest.GUID(raw.Customer.TenantID) {
		return // one that no customer has approved yet, and that names none
	}
	told := desk.ToldRelationship{Tenant: strings.ToLower(raw.Customer.TenantID), Customer: prose.Line(raw.Customer.DisplayName, mostName), ETag: prose.Line(raw.ETag, 200)}
	told.Relationship = access.Relationship{ID: strings.ToLower(raw.ID), Name: prose.Line(raw.Name, mostName), Status: access.StatusOf(prose.Line(raw.Status, 60)), Source: access.FromGraph,
		ActivatedAt: prose.TimeOrNone(raw.Activated, r.now, mostAhead), EndsAt: prose.TimeOrNone(raw.End, r.now, mostAhead), AutoExtend: extends(raw.AutoExtend)}
	if raw.AccessDetails != nil {
		told.Roles = raw.AccessDetails.ids()
	}
	r.read.List = append(r.read.List, told)
}

// extends reads a duration: none is written in two ways, and the only other one is
// half a year.
func extends(duration string) bool {
	d := strings.ToUpper(strings.TrimSpace(duration))
	return d != "" && d != "P0D" && d != "PT0S"
}

func (r *relationships) unread(code, reason string) {
	if len(r.read.Unread) < mostUnread {
		r.read.Unread = append(r.read.Unread, desk.Unread{Code: prose.Line(code, 80), Reason: reason})
	}
}

// groupOf reads an entry ("delegatedAdminAccessAssignment resource type"). Its
// container has an id and no name.
func groupOf(entry json.RawMessage) (access.Group, bool) {
	var raw struct {
		Status    string `json:"status"`
		Container struct {
			ID   string `json:"accessContainerId"`
			Type string `json:"accessContainerType"`
		} `json:"accessContainer"`
		AccessDetails unifiedRoles `json:"accessDetails"`
	}
	if err := json.Unmarshal(entry, &raw); err != nil || !rest.GUID(raw.Container.ID) {
		return access.Group{}, false
	}
	id := strings.ToLower(raw.Container.ID)
	return access.Group{ID: id, Name: id, Status: prose.Word(raw.Status), Roles: raw.AccessDetails.ids()}, true
}
