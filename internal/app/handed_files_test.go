package app_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"guichet/internal/desk"
)

func TestTheProviderReadsTheFilesOfTheDossier(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	n := p.begun(t)
	add := func(name, text string) {
		t.Helper()
		if _, err := p.AddEvidence(t.Context(), p.two.agent, n, sent(file(name, text))); err != nil {
			t.Fatal(err)
		}
	}
	add("journal.log", "password=Tr0ub4dor&3xyz\ncorrelation 8f14e45f-ceea-467f-9575-1b2c3d4e5f60\n")
	other := p.begin(t, p.two, p.diagnosed(t, p.two, p.two.second.contact))
	if _, err := p.AddEvidence(t.Context(), p.two.agent, other, sent(file("secret.log", "of another customer\n"))); err != nil {
		t.Fatal(err)
	}
	if err := p.FileEscalation(t.Context(), p.two.agent, n, 0, desk.Filing{Anyway: true}); err != nil {
		t.Fatal(err)
	}
	p.work(t)
	there := p.provided(t).Ticket
	add("later.log", "08:30 toujours rien\n")
	h, ok, err := p.HandedOn(t.Context(), p.one.agent, there.ID)
	if err != nil || !ok || len(h.Files) != 2 || h.Files[0].Name != "journal.log" || h.Files[1].Name != "later.log" {
		t.Fatalf("the provider reads %+v, %v", h.Files, err)
	}
	first := h.Files[0]
	_, r, err := p.HandedFile(t.Context(), p.one.agent, there.Number, first.ID)
	if err != nil {
		t.Fatal(err)
	}
	text := string(made(io.ReadAll(r)))
	_ = r.Close()
	if strings.Contains(text, "Tr0ub4dor") || !strings.Contains(text, "8f14e45f") || int64(len(text)) != first.Bytes {
		t.Errorf("it reads %q", text)
	}

	unrelated := p.submit(t, p.one.first.contact, desk.Submission{Subject: "Ours", Body: "Nothing to do with it.", Service: "Exchange Online", Impact: "stopped", Affected: "whole_tenant"})
	secret := p.world.escalation(t, p.two, other).Evidence[0].ID
	for what, c := range map[string]struct {
		who    desk.Actor
		number int64
		id     desk.ID
		want   error
	}{
		"another file of the reseller":        {p.one.agent, there.Number, secret, desk.ErrNotFound},
		"a file by another ticket":            {p.one.agent, unrelated, first.ID, desk.ErrNotFound},
		"the reseller as a customer there":    {p.speaker, there.Number, first.ID, desk.ErrForbidden},
		"another customer of the provider":    {p.one.first.contact, there.Number, first.ID, desk.ErrForbidden},
		"the reseller by the same number":     {p.two.agent, there.Number, first.ID, desk.ErrNotFound},
		"the customer whom it is all about":   {p.customer.contact, there.Number, first.ID, desk.ErrForbidden},
		"nobody":                              {desk.Visitor(p.one.desk), there.Number, first.ID, desk.ErrSignIn},
		"the provider, by the reseller's way": {p.one.agent, there.Number, desk.NewID(), desk.ErrNotFound},
	} {
		if _, _, err := p.HandedFile(t.Context(), c.who, c.number, c.id); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, _, err := p.Evidence(t.Context(), p.one.agent, n, first.ID); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("by the page of an escalation of his own: %v", err)
	}
	if err := p.RemoveEvidence(t.Context(), p.one.agent, n, first.ID); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("the provider removes it: %v", err)
	}

	if err := p.RemoveEvidence(t.Context(), p.two.agent, n, first.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.HandedFile(t.Context(), p.one.agent, there.Number, first.ID); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("taken out by the reseller: %v", err)
	}
	if err := p.EndLink(t.Context(), p.two.admin, p.link); err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.HandedFile(t.Context(), p.one.agent, there.Number, h.Files[1].ID); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("once the link ended: %v", err)
	}
}
