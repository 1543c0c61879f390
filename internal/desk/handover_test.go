package desk_test

import (
	"errors"
	"strings"
	"testing"

	"guichet/internal/desk"
	"guichet/internal/route"
)

var admin = desk.NewID()

func shippedHandover() desk.Handover {
	return desk.ShippedHandover(desk.Desk{Name: "Alpine Cloud", Email: "support@alpine.example", Phone: "+33 4 78 00 00 00", Zone: "Europe/Paris", Language: "fr"})
}

func TestHandoversBeginWithTheDesksOwnContact(t *testing.T) {
	t.Parallel()
	h := shippedHandover()
	if h.Version != 0 || h.Contact.Email != "support@alpine.example" || h.Contact.Zone != "Europe/Paris" || h.NeedsApproval("A") || len(h.Policy.Lines) < 20 {
		t.Errorf("shipped: %+v", h.Contact)
	}
	if _, ok := h.Provider(); ok {
		t.Error("a provider that nobody recorded")
	}
}

func TestApprovalHangsOnSeverity(t *testing.T) {
	t.Parallel()
	for approval, want := range map[string][2]bool{desk.ApproveNever: {false, false}, desk.ApproveSevere: {true, false}, desk.ApproveAlways: {true, true}} {
		h := desk.Handover{Approval: approval}
		if got := [2]bool{h.NeedsApproval("A"), h.NeedsApproval("C")}; got != want {
			t.Errorf("%s: %v", approval, got)
		}
	}
}

func TestEachActMakesAVersion(t *testing.T) {
	t.Parallel()
	h := shippedHandover()
	lines := len(h.Policy.Lines)
	change := func(c desk.HandoverChange) {
		t.Helper()
		next, err := h.Changed(c, admin)
		if err != nil || next.Version != h.Version+1 || next.Act != c.Act || next.By != admin {
			t.Fatalf("%s: version %d by %s (%v)", c.Act, next.Version, next.Act, err)
		}
		h = next
	}
	line := route.Line{Relation: "reseller", Workload: "teams", Target: route.Microsoft, Portal: "teams"}
	change(desk.HandoverChange{Act: desk.HandoverLineAdded, To: 1, Line: line})
	if len(h.Policy.Lines) != lines+1 || !h.Policy.Lines[0].Same(line) {
		t.Fatalf("added: %+v", h.Policy.Lines[0])
	}
	change(desk.HandoverChange{Act: desk.HandoverLineMoved, Number: 1, To: 2})
	if !h.Policy.Lines[1].Same(line) {
		t.Errorf("moved: %+v", h.Policy.Lines[:3])
	}
	line.Portal = "m365_admin"
	change(desk.HandoverChange{Act: desk.HandoverLineChanged, Number: 2, Line: line})
	change(desk.HandoverChange{Act: desk.HandoverLineRemoved, Number: 2})
	if len(h.Policy.Lines) != lines {
		t.Errorf("removed: %d lines", len(h.Policy.Lines))
	}
	change(desk.HandoverChange{Act: desk.HandoverApproval, Approval: desk.ApproveAlways})
	change(desk.HandoverChange{Act: desk.HandoverContacts, Contact: desk.HandoverContact{Name: " Inès  Morel ", Email: "Ines@Alpine.example", Country: "fr", Zone: "Europe/Paris",
		Language: "fr", Extra: []string{"b@alpine.example", "", "B@alpine.example"}}})
	if c := h.Contact; c.Name != "Inès Morel" || c.Email != "ines@alpine.example" || c.Country != "FR" || len(c.Extra) != 1 {
		t.Errorf("contact: %+v", c)
	}
	change(desk.HandoverChange{Act: desk.HandoverProviders, Party: desk.HandoverProvider{Name: "New", Desk: "Meridian"}})
	change(desk.HandoverChange{Act: desk.HandoverProviders, Party: desk.HandoverProvider{Name: "New"}})
	if h.Providers[0].Key != "new_2" || h.Providers[1].Key != "new_3" || h.Providers[0].Desk != "meridian" {
		t.Errorf("providers: %+v", h.Providers)
	}
	change(desk.HandoverChange{Act: desk.HandoverProviders, Key: "new_2", Party: desk.HandoverProvider{Name: "Meridian"}})
	change(desk.HandoverChange{Act: desk.HandoverProviders, Key: "new_3", Remove: true})
	if p, ok := h.Provider(); !ok || p.Name != "Meridian" || p.Key != "new_2" || len(h.Providers) != 1 {
		t.Errorf("providers: %+v", h.Providers)
	}
	change(desk.HandoverChange{Act: desk.HandoverPublishers, Party: desk.HandoverProvider{Name: "Éditeur", Portal: "https://editeur.example/support"}})
	old := shippedHandover()
	back, err := h.Bring(old, admin)
	if err != nil || back.Version != h.Version+1 || back.RestoredFrom != 0 || back.Act != desk.HandoverRestored || !back.Says(old) {
		t.Errorf("brought back: %+v (%v)", back.Act, err)
	}
}

func TestWhatChangesNothingMakesNoVersion(t *testing.T) {
	t.Parallel()
	h := shippedHandover()
	for _, c := range []desk.HandoverChange{
		{Act: desk.HandoverApproval, Approval: desk.ApproveNever},
		{Act: desk.HandoverContacts, Contact: h.Contact},
		{Act: desk.HandoverLineChanged, Number: 3, Line: h.Policy.Lines[2]},
		{Act: desk.HandoverLineMoved, Number: 1, To: 0},
	} {
		if next, err := h.Changed(c, admin); err != nil || next.Version != h.Version {
			t.Errorf("%s: version %d (%v)", c.Act, next.Version, err)
		}
	}
}

func TestHandoversRefuseWhatCannotBe(t *testing.T) {
	t.Parallel()
	h := shippedHandover()
	long := strings.Repeat("x", 501)
	last := len(h.Policy.Lines)
	for what, c := range map[string]struct {
		change desk.HandoverChange
		want   string
	}{
		"a reseller's Azure to Microsoft": {desk.HandoverChange{Act: desk.HandoverLineAdded, To: 1, Line: route.Line{Relation: "reseller", Workload: "azure", Target: route.Microsoft, Portal: "azure_portal"}}, "target route.problem.azure_reseller"},
		"its line taken away":             {desk.HandoverChange{Act: desk.HandoverLineMoved, Number: last - 3, To: 1}, ""}, // an entra line: nothing wrong
		"the last line taken away":        {desk.HandoverChange{Act: desk.HandoverLineRemoved, Number: last}, " route.problem.no_last"},
		"the last line first":             {desk.HandoverChange{Act: desk.HandoverLineMoved, Number: last, To: 1}, " route.problem.unreachable"},
		"a line that never serves":        {desk.HandoverChange{Act: desk.HandoverLineAdded, To: last, Line: route.Line{Relation: "reseller", Workload: "teams", Target: route.Nobody}}, " route.problem.unreachable"},
		"an unknown word":                 {desk.HandoverChange{Act: desk.HandoverLineAdded, To: 1, Line: route.Line{Kind: "x", Target: route.Nobody}}, "kind route.problem.unknown"},
		"a long note":                     {desk.HandoverChange{Act: desk.HandoverLineAdded, To: 1, Line: route.Line{Kind: "billing", Topic: "seats", Target: route.Nobody, Note: map[string]string{"fr": long}}}, "note_fr error.too_long"},
		"a note in no language":           {desk.HandoverChange{Act: desk.HandoverLineAdded, To: 1, Line: route.Line{Kind: "billing", Topic: "seats", Target: route.Nobody, Note: map[string]string{"xx": "x"}}}, "note error.choose"},
		"a long word to all":              {desk.HandoverChange{Act: desk.HandoverApproval, Approval: desk.ApproveAlways, Note: long}, "note error.too_long"},
		"an unknown approval":             {desk.HandoverChange{Act: desk.HandoverApproval, Approval: "x"}, "approval error.choose"},
		"a bad address":                   {desk.HandoverChange{Act: desk.HandoverContacts, Contact: desk.HandoverContact{Email: "x\nbcc: y@example.org"}}, "contact_email error.email"},
		"a bad telephone":                 {desk.HandoverChange{Act: desk.HandoverContacts, Contact: desk.HandoverContact{NightPhone: "call me"}}, "contact_night_phone error.offer.phone"},
		"no zone of the world":            {desk.HandoverChange{Act: desk.HandoverContacts, Contact: desk.HandoverContact{Zone: "Mars/Olympus"}}, "contact_zone error.zone"},
		"no country":                      {desk.HandoverChange{Act: desk.HandoverContacts, Contact: desk.HandoverContact{Country: "France"}}, "contact_country error.country"},
		"no language":                     {desk.HandoverChange{Act: desk.HandoverContacts, Contact: desk.HandoverContact{Language: "tlh"}}, "contact_language error.choose"},
		"a nameless provider":             {desk.HandoverChange{Act: desk.HandoverProviders}, "name error.required"},
		"a provider's odd portal":         {desk.HandoverChange{Act: desk.HandoverProviders, Party: desk.HandoverProvider{Name: "x", Portal: "javascript:alert(1)"}}, "portal error.website"},
		"a provider's odd desk":           {desk.HandoverChange{Act: desk.HandoverProviders, Party: desk.HandoverProvider{Name: "x", Desk: "../brume"}}, "desk error.slug"},
		"an unknown act":                  {desk.HandoverChange{Act: "x"}, " error.form"},
	} {
		next, err := h.Changed(c.change, admin)
		var invalid desk.Invalid
		got := ""
		if errors.As(err, &invalid) {
			got = invalid.Problems[0].Field + " " + invalid.Problems[0].Key
		}
		if got != c.want || c.want != "" && next.Version != h.Version {
			t.Errorf("%s: %q (%v)", what, got, err)
		}
	}
	for _, c := range []desk.HandoverChange{{Act: desk.HandoverLineChanged, Number: last + 1}, {Act: desk.HandoverLineRemoved, Number: 0}, {Act: desk.HandoverProviders, Key: "x"}} {
		if _, err := h.Changed(c, admin); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// A form made from an older version finds its line where it stands now, or not at all.
func TestLinesAreFollowed(t *testing.T) {
	t.Parallel()
	old := shippedHandover()
	now, err := old.Changed(desk.HandoverChange{Act: desk.HandoverLineAdded, To: 1, Line: route.Line{Kind: "billing", Topic: "seats", Target: route.Nobody}}, admin)
	if err != nil {
		t.Fatal(err)
	}
	if n := now.Follow(old, 5); n != 6 {
		t.Errorf("line 5 stands at %d", n)
	}
	if now, err = now.Changed(desk.HandoverChange{Act: desk.HandoverLineRemoved, Number: 6}, admin); err != nil {
		t.Fatal(err)
	}
	if n := now.Follow(old, 5); n != 0 {
		t.Errorf("a line that is gone stands at %d", n)
	}
	if n := now.Follow(old, 500); n != 0 {
		t.Errorf("a line that never was stands at %d", n)
	}
}
