package page

import (
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

func TestSecretIsNeverShownAgain(t *testing.T) {
	t.Parallel()
	f := as(t, desk.Admin)
	f.Who.Desk.Issuer, f.Who.Desk.ClientID = "https://login.alpine.example", "guichet"
	fresh := drawn(t, i18n.English, EditDesk(f, DeskFormOf(f.Who.Desk)))
	f.Who.Desk.HasSecret = true
	kept := drawn(t, i18n.English, EditDesk(f, DeskFormOf(f.Who.Desk)))
	for _, doc := range []string{fresh.Find("#client_secret[type=password]").AttrOr("value", "none"), kept.Find("#client_secret[type=password]").AttrOr("value", "none")} {
		if doc != "" {
			t.Errorf("the field holds %q", doc)
		}
	}
	if fresh.Find("#client_secret-hint").Text() == kept.Find("#client_secret-hint").Text() {
		t.Error("nothing says that a secret is kept")
	}
	if kept.Find("details[open] #issuer").Length() != 1 {
		t.Error("an issuer that is set stays folded away")
	}
}

func TestDeskFormShowsTheTenantAndAsksNotForIt(t *testing.T) {
	t.Parallel()
	f := as(t, desk.Admin)
	doc := drawn(t, i18n.French, EditDesk(f, DeskFormOf(f.Who.Desk)))
	if doc.Find("main [name=tenant]").Length() != 0 {
		t.Error("the tenant can be typed")
	}
	found := false
	for _, dd := range doc.Find("main dd").EachIter() {
		found = found || dd.Text() == f.Who.Desk.Tenant
	}
	if !found {
		t.Error("the tenant is not shown")
	}
}

func TestColourFieldHoldsAColour(t *testing.T) {
	t.Parallel()
	f := as(t, desk.Admin)
	house := drawn(t, i18n.French, EditDesk(f, DeskFormOf(f.Who.Desk)))
	if house.Find("#accent[type=color]").AttrOr("value", "") != HouseAccent || house.Find("[name=house_accent]").Length() != 0 {
		t.Error("the house's colour is not shown as what is")
	}
	f.Who.Desk.Accent = "#1a7f5a"
	own := drawn(t, i18n.French, EditDesk(f, DeskFormOf(f.Who.Desk)))
	if own.Find("#accent").AttrOr("value", "") != "#1a7f5a" || own.Find("[name=house_accent]").Length() != 1 {
		t.Error("an own colour cannot be seen and given back")
	}
}

func TestEveryZoneExists(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, o := range zones("") {
		if _, err := time.LoadLocation(o.Value); err != nil || o.Value == "" || seen[o.Value] {
			t.Errorf("%q: %v", o.Value, err)
		}
		seen[o.Value] = true
	}
	if !seen["Europe/Paris"] || !seen["UTC"] {
		t.Error("the commonest are missing")
	}
}

func TestZoneThatTheListLacksStaysChosen(t *testing.T) {
	t.Parallel()
	f := as(t, desk.Admin)
	f.Who.Desk.Zone = "Asia/Calcutta"
	doc := drawn(t, i18n.English, EditDesk(f, DeskFormOf(f.Who.Desk)))
	if got := doc.Find("#zone option[selected]"); got.Length() != 1 || got.AttrOr("value", "") != "Asia/Calcutta" {
		t.Errorf("%d chosen, %q", got.Length(), got.AttrOr("value", ""))
	}
}
