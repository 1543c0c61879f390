package graph_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
	"guichet/internal/microsoft/graph"
)

func TestConsentURL(t *testing.T) {
	t.Parallel()
	for root, scope := range map[string]string{"https://graph.microsoft.com": "https://graph.microsoft.com/.default",
		"https://dod-graph.microsoft.us/": "https://dod-graph.microsoft.us/.default", "https://microsoftgraph.chinacloudapi.cn": "https://microsoftgraph.chinacloudapi.cn/.default"} {
		c := graph.New(graph.Config{Root: address(t, root), Authority: address(t, "https://login.microsoftonline.com"), ClientID: "id", ClientSecret: "hush"})
		u := address(t, c.ConsentURL(lumen, "https://support.example.com/consent/return", "a state+&"))
		q := u.Query()
		if u.Host != "login.microsoftonline.com" || u.Path != "/"+lumen+"/v2.0/adminconsent" || q.Get("client_id") != "id" || q.Get("scope") != scope ||
			q.Get("redirect_uri") != "https://support.example.com/consent/return" || q.Get("state") != "a state+&" || len(q) != 4 {
			t.Errorf("the link is %s", u)
		}
		if got := c.ConsentURL("../common", "https://support.example.com/consent/return", "x"); got != "" {
			t.Errorf("without a tenant the link is %s", got)
		}
	}
	if got := graph.New(graph.Config{}).ConsentURL(lumen, "", ""); got != "" {
		t.Errorf("without an application the link is %s", got)
	}
}

func TestConsentAtTheSample(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	link := w.client.ConsentURL(dulac, "https://support.example.com/consent/return", "s1")
	back := answer(t, link, url.Values{"cancel": {"yes"}})
	if back.Get("error") != "consent_required" || back.Get("admin_consent") != "True" || back.Get("state") != "s1" || back.Get("tenant") != "" {
		t.Errorf("refused, it comes back with %v", back)
	}
	_, err := w.client.Health(t.Context(), dulac, time.Time{}, plenty())
	refused(t, err, desk.RefusedConsent)

	back = answer(t, link, url.Values{"accept": {dulac}})
	if back.Get("error") != "" || back.Get("admin_consent") != "True" || back.Get("state") != "s1" || back.Get("tenant") != dulac {
		t.Errorf("accepted, it comes back with %v", back)
	}
	if _, err := w.client.Health(t.Context(), dulac, time.Time{}, plenty()); err != nil {
		t.Errorf("after consent: %v", err)
	}

	for _, wrong := range []string{strings.Replace(link, dulac, unknown, 1), strings.Replace(link, "guichet", "other", 1), strings.Replace(link, "support.example.com", "evil.example", 1)} {
		resp, err := http.Get(wrong)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s is answered with %s", wrong, resp.Status)
		}
	}
}

// answer presses a button of the consent page and reads where it leads.
func answer(t *testing.T, link string, form url.Values) url.Values {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.PostForm(link, form)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	to, err := resp.Location()
	if err != nil || to.Host != "support.example.com" {
		t.Fatalf("%s leads to %v: %v", resp.Status, to, err)
	}
	return to.Query()
}

func address(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
