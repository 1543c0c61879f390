package graph_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"guichet/internal/demo/microsoft"
	"guichet/internal/desk"
	"guichet/internal/microsoft/graph"
)

const (
	partner    = "44444444-4444-4444-8444-444444444444"
	supporting = "f023fd81-a637-4b56-95fd-791ac0226033"
	reading    = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
)

func partners(list []microsoft.Delegated, page int) func(*microsoft.Config, *graph.Config) {
	return func(c *microsoft.Config, _ *graph.Config) {
		c.LargestPage = page
		c.Tenants = append(c.Tenants, microsoft.Tenant{ID: partner, Name: "Alpine Cloud", Consented: true, Partner: true, Delegated: list})
	}
}

func TestRelationshipsOfAPartner(t *testing.T) {
	t.Parallel()
	var list []microsoft.Delegated
	for n := range 7 {
		list = append(list, microsoft.Delegated{Customer: lumen, Name: fmt.Sprintf("Support %d", n), Status: "active", Roles: []string{supporting, reading}, EndsIn: 12 * 24 * time.Hour, Group: "active"})
	}
	list[1].Status, list[2].Extends, list[3].Group, list[4].Group = "approvalPending", true, "", "error"
	w := setup(t, partners(list, 3))
	calls := plenty()
	read, err := w.client.Relationships(t.Context(), partner, calls)
	if err != nil || len(read.List) != 7 || len(read.Unread) > 0 || calls.Made != 3 {
		t.Fatalf("%d read, unread %v, %d calls, %v", len(read.List), read.Unread, calls.Made, err)
	}
	first := read.List[0]
	if first.ID != microsoft.DelegatedID(partner, 0) || first.Tenant != lumen || first.Customer != "Fabrique Lumen" || first.ETag == "" || first.Status != "active" ||
		first.EndsAt == nil || first.ActivatedAt == nil || first.AutoExtend || strings.Join(first.Roles, ",") != supporting+","+reading || first.Groups != nil {
		t.Errorf("%+v", first)
	}
	if p := read.List[1]; p.Status != "approvalPending" || p.EndsAt != nil || p.ActivatedAt != nil {
		t.Errorf("%+v", p)
	}
	if !read.List[2].AutoExtend {
		t.Error("one that extends by itself does not")
	}
	for n, want := range map[int]string{0: "active", 3: "", 4: "error"} {
		groups, err := w.client.Groups(t.Context(), partner, read.List[n].ID, calls)
		if err != nil || groups == nil {
			t.Fatal(err, groups)
		}
		if want == "" && len(groups) != 0 || want != "" && (len(groups) != 1 || groups[0].Status != want || len(groups[0].Roles) != 2) {
			t.Errorf("%d: %+v", n, groups)
		}
	}
	_, err = w.client.Groups(t.Context(), partner, microsoft.DelegatedID(partner, 99), calls)
	wantKind(t, err, desk.RefusedForm)
	_, err = w.client.Groups(t.Context(), partner, "../../users", calls)
	wantKind(t, err, desk.RefusedForm)
}

func wantKind(t *testing.T, err error, kind desk.RefusalKind) {
	t.Helper()
	var r desk.Refusal
	if !errors.As(err, &r) || r.Kind != kind {
		t.Errorf("error %v, want it refused (%s)", err, kind)
	}
}

func TestRefusedRelationships(t *testing.T) {
	t.Parallel()
	w := setup(t, partners(nil, 0))
	for f, kind := range map[microsoft.Failure]desk.RefusalKind{microsoft.Throttled: desk.RefusedThrottle, microsoft.Busy: desk.RefusedThrottle, microsoft.Down: desk.RefusedDown,
		microsoft.Truncated: desk.RefusedForm, microsoft.Garbage: desk.RefusedForm, microsoft.NoRoles: desk.RefusedConsent} {
		w.sample.Fail(partner, f)
		_, err := w.client.Relationships(t.Context(), partner, plenty())
		wantKind(t, err, kind)
	}
	w.sample.Fail(partner, microsoft.NoFailure)
	if read, err := w.client.Relationships(t.Context(), partner, plenty()); err != nil || len(read.List) != 0 {
		t.Errorf("%+v, %v", read, err)
	}
	_, err := w.client.Relationships(t.Context(), lumen, plenty()) // a customer is no partner
	wantKind(t, err, desk.RefusedConsent)
	_, err = w.client.Relationships(t.Context(), partner, &desk.Calls{})
	wantKind(t, err, desk.RefusedBudget)
	if err := w.sample.Consent(partner, false); err != nil {
		t.Fatal(err)
	}
	w.clock.at = w.clock.at.Add(2 * time.Hour)
	_, err = w.client.Relationships(t.Context(), partner, plenty())
	wantKind(t, err, desk.RefusedConsent)
}

// hostile answers every list with what a test wants.
func hostile(t *testing.T, body string) *graph.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"token_type":"Bearer","expires_in":3599,"access_token":"t"}`)
			return
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	return graph.New(graph.Config{Root: address(t, server.URL), Authority: address(t, server.URL), ClientID: "guichet", ClientSecret: "hush"})
}

func TestHostileRelationships(t *testing.T) {
	t.Parallel()
	id := microsoft.DelegatedID(partner, 0)
	good := map[string]any{"id": strings.ToUpper(id), "displayName": "A\u202e\x00 name", "status": "ACTIVE", "customer": map[string]any{"tenantId": strings.ToUpper(lumen)},
		"accessDetails": map[string]any{"unifiedRoles": []any{map[string]any{"roleDefinitionId": strings.ToUpper(supporting)}, map[string]any{"roleDefinitionId": "x"}}},
		"endDateTime":   "0001-01-01T00:00:00Z", "autoExtendDuration": "p180d"}
	text, err := json.Marshal(good)
	if err != nil {
		t.Fatal(err)
	}
	body := `{"value":[7,null,{"id":"x","status":"active"},{"id":"` + id + `","status":"active","accessDetails":"all"},{"id":"` + id + `","status":"created","customer":null},` + string(text) + `]}`
	read, err := hostile(t, body).Relationships(t.Context(), partner, plenty())
	if err != nil || len(read.List) != 1 || len(read.Unread) != 4 {
		t.Fatalf("%+v, %v", read, err)
	}
	one := read.List[0]
	if one.ID != id || one.Tenant != lumen || one.Status != "active" || one.EndsAt != nil || !one.AutoExtend || strings.Join(one.Roles, ",") != supporting || strings.ContainsAny(one.Name, "\u202e\x00") {
		t.Errorf("%+v", one)
	}
	groups, err := hostile(t, `{"value":[7,{"accessContainer":{"accessContainerId":"x"}},{"status":"active","accessContainer":{"accessContainerId":"`+partner+`"}}]}`).
		Groups(t.Context(), partner, id, plenty())
	if err != nil || len(groups) != 1 || groups[0].Roles == nil {
		t.Errorf("%+v, %v", groups, err)
	}
}
