package ui

import (
	"testing"
	"time"

	"github.com/a-h/templ"
)

func TestButtonsDifferInWhatTheyDo(t *testing.T) {
	t.Parallel()
	b := Button{Text: "Escalader", Icon: "out", Kind: Main, Small: true, Key: "e", More: templ.Attributes{"name": "go", "value": "1"}}
	look := `.btn[data-kind="main"][data-size="s"][aria-keyshortcuts="e"][name="go"][value="1"]`
	want(t, render(t, Submit(b)), 1, "button:not([type])"+look)
	want(t, render(t, Press(b)), 1, `button[type="button"]`+look)
	doc := render(t, Link("/a/b", b))
	want(t, doc, 1, `a[href="/a/b"]`+look)
	reads(t, doc, "a span", "Escalader")
	reads(t, doc, "a kbd", "e")
	want(t, doc, 1, "a > .icon")
	reads(t, render(t, Press(Button{Key: "Control+K"})), "kbd", "Ctrl K")
	want(t, render(t, Submit(Button{Text: "Supprimer", Kind: Danger})), 1, `[data-kind="danger"][data-tone="bad"]`)
}

func TestLinksRefuseScripts(t *testing.T) {
	t.Parallel()
	want(t, render(t, Link("javascript:alert(1)", Button{Text: "x"})), 0, `a[href^="javascript"]`)
}

func TestMenuButtonOpensItsMenu(t *testing.T) {
	t.Parallel()
	b := Button{Text: "Moi", More: templ.Attributes{"title": "t"}}
	doc := render(t, templ.Join(MenuButton("me", b), within(Menu("me"), words("liens"))))
	want(t, doc, 1, `button[popovertarget="me"][title="t"]`)
	want(t, doc, 1, "div.menu#me[popover]")
	if _, changed := b.More["popovertarget"]; changed {
		t.Error("MenuButton wrote into its caller's attributes")
	}
	want(t, render(t, within(Popover("sum"), words("la somme"))), 1, "#sum[popover]")
}

func TestDialogIsNamedAndOpened(t *testing.T) {
	t.Parallel()
	doc := render(t, templ.Join(DialogButton("close", Button{Text: "Fermer"}), within(Dialog("close", "Fermer la demande ?"), words("…"))))
	want(t, doc, 1, `button[type="button"][command="show-modal"][commandfor="close"]`)
	want(t, doc, 1, `dialog#close[aria-labelledby="close-title"]`)
	reads(t, doc, "#close-title", "Fermer la demande ?")
}

func TestKeysAreListed(t *testing.T) {
	t.Parallel()
	doc := render(t, Keys("keys", []Shortcut{{Key: "j", Text: "suivante"}, {Key: "Control+K", Text: "aller à"}}))
	want(t, doc, 1, "#keys[popover]")
	reads(t, doc, "dt:last-of-type", "aller à")
	reads(t, doc, "dd:last-of-type kbd", "Ctrl K")
}

func TestStatesHaveAWordAndAShape(t *testing.T) {
	t.Parallel()
	for kind, icon := range map[string]string{"partner": "i-wrench", "microsoft": "i-out", "ask": "i-ask"} {
		doc := render(t, Outcome(kind, "Le mot"))
		want(t, doc, 1, `.outcome[data-outcome="`+kind+`"] use[href$="#`+icon+`"]`)
		reads(t, doc, ".outcome", "Le mot")
	}
	for level, icon := range map[int]string{1: "i-p1", 2: "i-p2", 3: "i-p3", 4: "i-p4", 9: "i-p4", 0: "i-p1"} {
		want(t, render(t, Priority(level, "Haute")), 1, `.prio use[href$="#`+icon+`"]`)
	}
	want(t, render(t, State("ok", "ok", "Réglée")), 1, `.state[data-tone="ok"] .icon`)
	want(t, render(t, Badge("", "", "Reçue")), 1, ".badge:not([data-tone])")
	want(t, render(t, Badge("info", "out", "Chez Microsoft")), 1, `.badge[data-tone="info"] .icon`)
}

func TestClocksAreColouredOnlyWhenItMatters(t *testing.T) {
	t.Parallel()
	calm := render(t, SLA("", "reste 3 h", 25))
	want(t, calm, 1, `.sla:not([data-tone]) meter[value="25"][aria-hidden="true"]`)
	want(t, calm, 0, ".icon")
	late := render(t, SLA("bad", "retard 18 min", 100))
	want(t, late, 1, `.sla[data-tone="bad"] .icon`)
	reads(t, late, ".sla > span", "retard 18 min")
	want(t, render(t, Meter(9, 11, "9 sur 11")), 1, `meter[max="11"][value="9"][aria-label="9 sur 11"]`)
}

func TestMessages(t *testing.T) {
	t.Parallel()
	want(t, render(t, within(Banner("warn", "alert"), words("Connu"))), 1, `.banner[data-tone="warn"] > .icon + div`)
	want(t, render(t, Flash("Envoyée")), 1, `p.toast[role="status"]`)
	want(t, render(t, Flash("")), 0, "body *")
	empty := render(t, within(Empty("window", "Tout est traité", "Revenez demain."), LoadMore("/q?after=1")))
	reads(t, empty, ".empty h2", "Tout est traité")
	want(t, empty, 1, `.empty a.btn[href="/q?after=1"]`)
}

func TestSheets(t *testing.T) {
	t.Parallel()
	want(t, render(t, within(Panel("Tri", true), words("x"))), 1, "details.panel[open] > .body")
	folded := render(t, within(PanelWith("Tri", false, Badge("", "", "Étendu")), words("x")))
	want(t, folded, 1, "details.panel:not([open]) > summary > h2 + .badge")
	want(t, render(t, within(More("Pourquoi ?"), words("x"))), 1, "details.more > summary")
	stub := render(t, within(Stub(), Promise("Réponse promise", "avant 16 h 18", "aujourd’hui"), within(Term("Prix"), words("Inclus"))))
	reads(t, stub, ".stub dd.promise", "avant 16 h 18")
	want(t, stub, 3, ".stub dd")
	steps := render(t, Progress([]Step{{Text: "Reçue", Done: true}, {Text: "Examinée", Current: true}, {Text: "Réglée"}}))
	want(t, steps, 3, "ol.progress > li")
	want(t, steps, 1, "li[data-done] > .icon")
	reads(t, steps, `li[aria-current="step"]`, "Examinée")
}

func TestTimesAreForPeopleAndMachines(t *testing.T) {
	t.Parallel()
	at := now.Add(-5 * time.Hour)
	want(t, render(t, Time(at)), 1, `time[datetime="2026-11-10T08:18:00Z"]`)
	reads(t, render(t, Time(at)), "time", "9\u202fh\u202f18")
	reads(t, render(t, Ago(now.Add(-2*time.Minute))), "time", "2\u202fmin")
	reads(t, render(t, TimeAs(at, "ce matin")), "time", "ce matin")
}

func TestExchangeTellsInsideFromOutside(t *testing.T) {
	t.Parallel()
	note := render(t, within(Entry(Said{ID: "m2", Kind: "note", Author: "Inès Caron", Initials: "IC", Tag: "Note interne", At: now}), words("Reproduit.")))
	want(t, note, 1, `li#m2.entry[data-kind="note"][data-tone="note"] .label .icon`)
	reads(t, note, ".label", "Note interne")
	message := render(t, within(Entry(Said{Kind: "customer", Author: "Léa", Initials: "LF", Meta: "par le portail", At: now}), words("Bonjour")))
	want(t, message, 1, `.entry[data-kind="customer"]:not([data-tone]) .avatar[data-side="customer"]`)
	want(t, message, 0, ".label, [id]")
	want(t, render(t, within(Event("link", now), words("Reliée"))), 1, "li.event > .icon + span + time")
}

func TestScriptedPartsSayWhatTheyDo(t *testing.T) {
	t.Parallel()
	want(t, render(t, Copy("10482", "Copier le numéro")), 1, `button.with-script[data-copy="10482"][data-copied="Copié"][aria-label="Copier le numéro"]`)
	want(t, render(t, ThemeSwitch()), 3, `[role="group"][aria-label="Thème"].with-script button[data-theme-set]`)
}
