package page

import (
	"strings"
	"testing"
	"time"

	"guichet/internal/i18n"
	"guichet/internal/route"
)

func TestPortalsHaveANameInEachLanguage(t *testing.T) {
	t.Parallel()
	for _, lang := range []i18n.Lang{i18n.French, i18n.English} {
		p := i18n.New(lang, time.UTC, time.Time{})
		for _, o := range route.Portals() {
			if name := portalName(p, o); o.Link != "" && strings.HasPrefix(name, "route.portal.") {
				t.Errorf("%s has no name in %s", o.Key, lang)
			}
		}
	}
	p := i18n.New(i18n.French, time.UTC, time.Time{})
	if got := routeTo(p, route.Microsoft, "azure_portal"); got != "à Microsoft, dans le portail Azure" {
		t.Errorf("a request goes %q", got)
	}
}
