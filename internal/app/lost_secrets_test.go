package app_test

import (
	"errors"
	"slices"
	"testing"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// typedAnew is what people can do where no key opens what was sealed: they are told,
// nothing else breaks, and what they type anew is kept.
func (w *world) typedAnew(t *testing.T, a *app.App) {
	t.Helper()
	lost := made(a.Reseal(t.Context(), true, nil)).Lost
	for _, want := range []app.LostSecret{{Slug: "two", What: "sign_in"}, {Slug: "one", What: "plan"}, {Slug: "one", What: "webhook"}, {Slug: "one", What: "azure_support"}, {Slug: "one", What: "partner_center"}} {
		if !slices.Contains(lost, want) {
			t.Errorf("%+v is not told among %+v", want, lost)
		}
	}
	if p, ok := wrongAt(failing(a.CheckConnector(t.Context(), w.one.admin, desk.AzureSupport)), ""); !ok || p.Key != "connectors.unreadable" {
		t.Errorf("asked with a secret that nobody can read: %+v", p)
	}
	var refusal desk.Refusal
	if _, _, err := a.CompareProfile(t.Context(), w.one.admin); !errors.As(err, &refusal) || refusal.Kind != desk.RefusedSetup {
		t.Errorf("the profile: %v", err)
	}
	f := w.connectorForm(desk.AzureSupport)
	f.Revision, f.ClientSecret = w.connectorOf(t, desk.AzureSupport).Revision, ""
	if _, ok := wrongAt(a.SaveConnector(t.Context(), w.one.admin, f), "client_secret"); !ok {
		t.Error("kept on without a secret that can be read")
	}
	f.ClientSecret = hush
	if err := a.SaveConnector(t.Context(), w.one.admin, f); err != nil {
		t.Fatal(err)
	}
	if c, err := a.CheckConnector(t.Context(), w.one.admin, desk.AzureSupport); err != nil || c.Trouble != "" {
		t.Errorf("typed anew: %+v, %v", c, err)
	}
	n := w.begin(t, w.one, w.diagnosed(t, w.one, w.one.first.contact))
	if _, err := a.Escalation(t.Context(), w.one.agent, n); err != nil {
		t.Errorf("a contract's id that nobody can read breaks an escalation: %v", err)
	}
}

func failing[T any](_ T, err error) error { return err }
