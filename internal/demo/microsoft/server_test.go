package microsoft

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const lumen = "11111111-1111-4111-8111-111111111111"

type world struct {
	*Server
	at    time.Time
	token string
}

func setup(t *testing.T, change func(*Config)) *world {
	t.Helper()
	w := &world{at: time.Date(2026, 11, 10, 14, 16, 0, 0, time.UTC)}
	listener := httptest.NewUnstartedServer(nil)
	config := Config{Base: "http://" + listener.Listener.Addr().String(), ClientID: "guichet", ClientSecret: "hush", Now: func() time.Time { return w.at },
		Tenants: []Tenant{{ID: lumen, Name: "Lumen", Consented: true}}}
	if change != nil {
		change(&config)
	}
	var err error
	if w.Server, err = New(config); err != nil {
		t.Fatal(err)
	}
	listener.Config.Handler = w.Server
	listener.Start()
	t.Cleanup(listener.Close)
	w.token = w.mint(lumen, w.Graph().String())
	return w
}

// get asks Graph and reads the answer.
func (w *world) get(t *testing.T, path, prefer string) (status int, body map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.Graph().String()+"/v1.0/admin/serviceAnnouncement/"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+w.token)
	r.Header.Set("Prefer", prefer)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil {
		err = json.Unmarshal(text, &body)
	}
	if err != nil {
		t.Fatalf("%s: %v in %s", path, err, text)
	}
	return resp.StatusCode, body
}

func ids(body map[string]any) []string {
	var all []string
	for _, e := range body["value"].([]any) {
		all = append(all, e.(map[string]any)["id"].(string))
	}
	return all
}

func TestTheStoryHolds(t *testing.T) {
	t.Parallel()
	all, err := readScript()
	if err != nil {
		t.Fatal(err)
	}
	services, seen := map[string]bool{}, map[string]bool{}
	for _, i := range all.Issues {
		services[i.Service] = true
		if serviceNames[i.Service] == "" || seen[i.ID] || !regexp.MustCompile(`^[A-Z]{2}\d{7}$`).MatchString(i.ID) || i.End.Duration <= i.Start.Duration {
			t.Errorf("issue %s: unknown service, used id, or an end before its start", i.ID)
		}
		seen[i.ID] = true
		for n, p := range i.Posts {
			if n > 0 && p.At.Duration <= i.Posts[n-1].At.Duration || p.At.Duration < i.Start.Duration {
				t.Errorf("issue %s: post %d is out of order", i.ID, n+1)
			}
			if strings.Contains(p.Text, "{next}") != (p.Next != nil) {
				t.Errorf("issue %s: post %d says when more is said, or the script does, not both", i.ID, n+1)
			}
		}
	}
	if len(all.Issues) < 12 || len(services) < 8 {
		t.Errorf("%d issues of %d services", len(all.Issues), len(services))
	}
}

func TestListsByPages(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *Config) { c.Padding = 250 })
	status, body := w.get(t, "issues", "")
	if status != http.StatusOK || len(ids(body)) != 100 {
		t.Fatalf("%d, %d entries", status, len(ids(body)))
	}
	next, err := url.Parse(body["@odata.nextLink"].(string))
	if err != nil || next.Query().Get("$skip") != "100" {
		t.Fatalf("the next page is at %v: %v", next, err)
	}
	_, second := w.get(t, "issues?"+next.RawQuery, "")
	if slices.Contains(ids(body), ids(second)[0]) {
		t.Error("the second page begins with what was in the first")
	}
	if _, body = w.get(t, "issues", "odata.maxpagesize=1000"); len(ids(body)) < 250 || body["@odata.nextLink"] != nil {
		t.Errorf("a wish for 1,000 brings %d", len(ids(body)))
	}
	if _, body = w.get(t, "issues?$top=3", ""); len(ids(body)) != 3 || body["@odata.nextLink"] != nil {
		t.Errorf("$top=3 brings %d", len(ids(body)))
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	for filter, want := range map[string]struct{ has, not string }{
		"endDateTime eq null":                                          {"EX1184213", "EX1176650"},
		"endDateTime ne null":                                          {"EX1176650", "EX1184213"},
		"isResolved eq true":                                           {"EX1176650", "EX1184213"},
		"lastModifiedDateTime ge 2026-11-10T13:00:00Z":                 {"EX1184213", "SP1189902"},
		"lastModifiedDateTime lt 2026-11-10T13:00:00Z":                 {"SP1189902", "EX1184213"},
		"service eq 'Exchange Online' and endDateTime eq null":         {"EX1184213", "SP1189902"},
		"status eq 'servicerestored' and classification eq 'advisory'": {"OD1182200", "TM1179031"},
	} {
		_, body := w.get(t, "issues?$filter="+url.QueryEscape(filter), "")
		if got := ids(body); !slices.Contains(got, want.has) || slices.Contains(got, want.not) {
			t.Errorf("%s brings %v", filter, got)
		}
	}
	for _, wrong := range []string{"x", "nothing eq 1", "details eq 1", "lastModifiedDateTime ge yesterday", "endDateTime eq null or isResolved eq true"} {
		if status, body := w.get(t, "issues?$filter="+url.QueryEscape(wrong), ""); status != http.StatusBadRequest || body["error"] == nil {
			t.Errorf("%s is answered with %d", wrong, status)
		}
	}
}

func TestOneEntry(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	if status, body := w.get(t, "issues/EX1184213", ""); status != http.StatusOK || body["status"] != "RestoringService" && body["status"] != "restoringService" {
		t.Errorf("%d, %v", status, body["status"])
	}
	if status, _ := w.get(t, "issues/EX1", ""); status != http.StatusNotFound {
		t.Errorf("an issue that is none is answered with %d", status)
	}
	if status, body := w.get(t, "healthOverviews?$expand=issues", ""); status != http.StatusOK || len(body["value"].([]any)[0].(map[string]any)["issues"].([]any)) < 2 {
		t.Errorf("%d without issues", status)
	}
	if status, _ := w.get(t, "nothing", ""); status != http.StatusNotFound {
		t.Errorf("a list that is none is answered with %d", status)
	}
}

// When the story was told it begins again, under other numbers; what went before
// stays for as long as Microsoft keeps it.
func TestTheStoryIsToldAgain(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	w.get(t, "issues", "")
	w.at = w.at.Add(13 * time.Hour)
	w.token = w.mint(lumen, w.Graph().String())
	_, body := w.get(t, "issues?$filter=endDateTime+eq+null", "")
	if got := ids(body); slices.Contains(got, "EX1184213") || !slices.Contains(got, "EX1184624") {
		t.Errorf("after half a day these are open: %v", got)
	}
	_, body = w.get(t, "issues?$filter=endDateTime+ne+null", "")
	if !slices.Contains(ids(body), "EX1184213") {
		t.Error("what has ended is forgotten")
	}
	w.at = w.at.Add(40 * 24 * time.Hour)
	w.token = w.mint(lumen, w.Graph().String())
	if _, body = w.get(t, "issues", ""); slices.Contains(ids(body), "EX1184213") {
		t.Error("what ended forty days ago is told")
	}
}

func TestWhatOutlivesARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state", "microsoft.json")
	first := setup(t, func(c *Config) { c.StateFile = file })
	_, before := first.get(t, "issues/EX1184213", "")
	if err := first.Consent(lumen, false); err != nil {
		t.Fatal(err)
	}
	second := setup(t, func(c *Config) { c.StateFile = file })
	if status, body := second.get(t, "issues", ""); status != http.StatusForbidden || body["error"].(map[string]any)["code"] != "Authorization_RequestDenied" {
		t.Errorf("the consent came back by itself: %d", status)
	}
	if err := second.Consent(lumen, true); err != nil {
		t.Fatal(err)
	}
	second.at = second.at.Add(5 * time.Minute)
	if _, after := second.get(t, "issues/EX1184213", ""); after["startDateTime"] != before["startDateTime"] {
		t.Error("the story began anew")
	}
}

func TestThrottling(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	for n := range mostHour {
		if n > 0 && n%mostMinute == 0 {
			w.at = w.at.Add(61 * time.Second)
		}
		if wait := w.count(lumen); wait > 0 {
			t.Fatalf("request %d is told to wait %v", n+1, wait)
		}
	}
	w.at = w.at.Add(2 * time.Minute)
	if wait := w.count(lumen); wait < 50*time.Minute || wait > time.Hour {
		t.Errorf("request %d is told to wait %v", mostHour+1, wait)
	}
	if wait := w.count("another"); wait > 0 {
		t.Errorf("another tenant is told to wait %v", wait)
	}
}
