package ui

import (
	"encoding/json"
	"testing"

	"github.com/a-h/templ"

	"guichet/web/asset"
)

func TestLayoutIsAWholeDocument(t *testing.T) {
	t.Parallel()
	doc := render(t, within(Layout(Page{Title: "Support", Description: "Nos heures"}, words("tête")), within(Content(), words("corps"))))
	want(t, doc, 1, `html[lang="fr"]:not([data-theme])`)
	want(t, doc, 1, `body.site[data-keys="on"]`)
	want(t, doc, 1, `meta[name="description"][content="Nos heures"]`)
	want(t, doc, 1, `meta[name="robots"][content="noindex"]`)
	want(t, doc, 1, `link[rel="stylesheet"][href="`+asset.Path("app.css")+`"]`)
	want(t, doc, 1, `script[type="module"][src="`+asset.Path("app.js")+`"]`)
	want(t, doc, 1, `[role="status"]#announcer`)
	reads(t, doc, "title", "Support")
	reads(t, doc, "main", "corps")
	target, _ := doc.Find("body > a.skip").Attr("href")
	want(t, doc, 1, "main"+target)
}

func TestLayoutFollowsItsReader(t *testing.T) {
	t.Parallel()
	p := Page{Title: "File", House: Desk, Theme: "dark", AccentHref: "/alpine/accent.css?v=2", KeysOff: true, Indexed: true}
	doc := render(t, within(Layout(p, templ.NopComponent), within(Workspace(words("vues")), words("file"))))
	want(t, doc, 1, `html[data-theme="dark"]`)
	want(t, doc, 1, `body.desk[data-keys="off"] > .workspace > main#main`)
	want(t, doc, 2, `link[rel="stylesheet"]`)
	want(t, doc, 1, `link[href="/alpine/accent.css?v=2"]`)
	want(t, doc, 0, `meta[name="robots"]`)
}

func TestLayoutIgnoresAThemeItDoesNotHave(t *testing.T) {
	t.Parallel()
	doc := render(t, Layout(Page{Theme: `sepia" onload="x`}, templ.NopComponent))
	want(t, doc, 0, "html[data-theme], html[onload]")
}

func TestHtmxKeepsToThePolicy(t *testing.T) {
	t.Parallel()
	doc := render(t, Layout(Page{}, templ.NopComponent))
	content, _ := doc.Find(`meta[name="htmx-config"]`).Attr("content")
	var config struct {
		AllowEval              *bool
		IncludeIndicatorStyles *bool
		HistoryCacheSize       *int
	}
	if err := json.Unmarshal([]byte(content), &config); err != nil {
		t.Fatal(err)
	}
	if config.AllowEval == nil || *config.AllowEval || config.IncludeIndicatorStyles == nil || *config.IncludeIndicatorStyles {
		t.Errorf("htmx may use eval or inline styles: %s", content)
	}
	if config.HistoryCacheSize == nil || *config.HistoryCacheSize != 0 {
		t.Errorf("htmx would keep pages in the browser: %s", content)
	}
}

func TestHouses(t *testing.T) {
	t.Parallel()
	nav := []NavItem{{Text: "File", Href: "/a/queue", Current: true}, {Text: "Santé", Href: "/a/health"}}
	for selector, c := range map[string]templ.Component{
		"header.masthead": Masthead(Brand{Name: "Alpine Cloud", Href: "/a"}, nav, words("moi")),
		"header.bar":      Bar(Brand{Name: "Alpine Cloud", Href: "/a"}, nav, words("moi")),
	} {
		doc := render(t, c)
		want(t, doc, 1, selector+` a.logo[href="/a"]`)
		want(t, doc, 1, selector+` nav[aria-label="Principale"] a[aria-current="page"][href="/a/queue"]`)
		want(t, doc, 1, selector+` nav a[href="/a/health"]:not([aria-current])`)
		reads(t, doc, selector+" .push", "moi")
	}
	foot := render(t, Colophon("Lyon", []NavItem{{Text: "Accessibilité", Href: "/x"}}))
	want(t, foot, 1, `footer.colophon a[href="/x"]`)
}

func TestRailCountsAndAlarms(t *testing.T) {
	t.Parallel()
	doc := render(t, Rail("Vues", []RailGroup{{Title: "À faire", Items: []RailItem{
		{NavItem: NavItem{Text: "À traiter", Href: "/q", Current: true}, Count: "27"},
		{NavItem: NavItem{Text: "Échéance proche", Href: "/due"}, Count: "4", Tone: "bad"},
		{NavItem: NavItem{Text: "Garder", Href: "/new"}, Icon: "plus"},
	}}}))
	want(t, doc, 1, `nav.rail[aria-label="Vues"] a[aria-current="page"][href="/q"] .num`)
	want(t, doc, 1, `a[href="/due"][data-tone="bad"] .num .icon`)
	want(t, doc, 2, ".num")
	want(t, doc, 1, `a[href="/new"] > .icon`)
}
