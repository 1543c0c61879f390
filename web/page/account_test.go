package page

import (
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

func TestDeviceIsNamedAsItsOwnerWould(t *testing.T) {
	t.Parallel()
	ctx := i18n.With(t.Context(), i18n.New(i18n.French, time.UTC, noon))
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36":                            "Chrome sur Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0":              "Edge sur Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15":                      "Safari sur macOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0.0.0 Mobile/15E148 Safari/604.1": "Chrome sur iPhone",
		"Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36": "Samsung Internet sur Android",
		"Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0":                                                                     "Firefox sur Linux",
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36":                             "Chrome sur ChromeOS",
		"curl/8.9.1": "curl/8.9.1",
		"A tool of somebody's own that says a great deal about itself": "A tool of somebody's own that says a gre…",
		"": "Appareil inconnu",
	} {
		if got := device(ctx, agent); got != want {
			t.Errorf("%q is %q, want %q", agent, got, want)
		}
	}
}

func TestAccountEndsOtherSessionsNotThisOne(t *testing.T) {
	t.Parallel()
	f := as(t, desk.Contact)
	f.Who.SessionID = "this"
	both := []desk.Session{{ID: "this", Since: noon, SeenAt: noon}, {ID: "other", Device: "curl/8.9.1", Since: noon, SeenAt: noon}}
	doc := drawn(t, i18n.French, Account(f, AccountFormOf(f.Who.Person), both))
	if doc.Find(`form[action$="/sessions/this/end"]`).Length() != 0 || doc.Find(`form[method=post][action="/alpine/account/sessions/other/end"]`).Length() != 1 {
		t.Error("the other session alone has a button")
	}
	if doc.Find(`form[action="/alpine/account/sessions/end"]`).Length() != 1 {
		t.Error("no button for all others")
	}
	alone := drawn(t, i18n.French, Account(f, AccountFormOf(f.Who.Person), both[:1]))
	if alone.Find(`form[action*="/sessions/"]`).Length() != 0 {
		t.Error("there is nothing to end")
	}
}

func TestKeysAreAskedOfTheDesksPeopleOnly(t *testing.T) {
	t.Parallel()
	contact, agent := as(t, desk.Contact), as(t, desk.Agent)
	if drawn(t, i18n.French, Account(contact, AccountFormOf(contact.Who.Person), nil)).Find("[name=keys]").Length() != 0 {
		t.Error("a contact is asked")
	}
	if drawn(t, i18n.French, Account(agent, AccountFormOf(agent.Who.Person), nil)).Find("[name=keys][checked]").Length() != 1 {
		t.Error("an agent's keys are on")
	}
}
