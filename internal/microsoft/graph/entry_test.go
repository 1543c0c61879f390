package graph

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"guichet/internal/desk"
)

var now = time.Date(2026, 11, 10, 14, 0, 0, 0, time.UTC)

func newPoll() *poll { return &poll{now: now, places: map[string]int{}} }

// fineIssue is an entry with everything; each test changes one thing.
const fineIssue = `{"id":"EX1184213","title":"Delays","service":"Exchange Online","feature":"Mail","classification":"Incident","origin":"Microsoft",
"status":"ServiceDegradation","impactDescription":"Late","isResolved":false,"highImpact":true,"startDateTime":"2026-11-10T13:05:00Z","endDateTime":null,
"lastModifiedDateTime":"2026-11-10T13:40:00.063Z","details":[],"posts":[
{"createdDateTime":"2026-11-10T13:40:00Z","postType":"Regular","description":{"contentType":"Html","content":"Current status: new"}},
{"createdDateTime":"2026-11-10T13:12:00Z","postType":"quick","description":{"contentType":"html","content":"Current status: old"}}]}`

func TestAnIssueIsReadWhole(t *testing.T) {
	t.Parallel()
	p := newPoll()
	p.issue(json.RawMessage(fineIssue))
	if len(p.heard.Published) != 1 || len(p.heard.Unread) != 0 {
		t.Fatalf("heard %+v", p.heard)
	}
	i := p.heard.Published[0]
	if i.Code != "EX1184213" || i.Classification != "incident" || i.Status != "servicedegradation" || i.Severity != "high" || i.Origin != "microsoft" ||
		i.EndedAt != nil || len(i.Posts) != 2 || i.Posts[0].Part("current status") != "old" || i.Posts[0].Kind != "quick" || i.Everyone || i.Places != nil {
		t.Errorf("read %+v", i)
	}
}

// One entry that is wrong is told, and loses no other.
func TestWrongEntries(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ old, changed, code, says string }{
		{`"EX1184213"`, `7`, "", "field id holds a number"},
		{`"EX1184213"`, `"<b>x</b>"`, "<b>x</b>", "another form"},
		{`"EX1184213"`, `"` + strings.Repeat("E", 5000) + `"`, "", "another form"},
		{`"Delays"`, `""`, "EX1184213", "no title"},
		{`"Delays"`, `{"a":1}`, "EX1184213", "field title holds a object"},
		{`"Exchange Online"`, `" \u0000 "`, "EX1184213", "no service"},
		{`"2026-11-10T13:05:00Z"`, `"0001-01-01T00:00:00Z"`, "EX1184213", "start"},
		{`"2026-11-10T13:05:00Z"`, `null`, "EX1184213", "start"},
		{`"2026-11-10T13:40:00.063Z"`, `"9999-12-31T00:00:00Z"`, "EX1184213", "last change"},
		{`"2026-11-10T13:40:00.063Z"`, `1731240000`, "EX1184213", "field lastModifiedDateTime holds a number"},
		{`"isResolved":false`, `"isResolved":"no"`, "EX1184213", "field isResolved holds a string"},
	} {
		p := newPoll()
		p.issue(json.RawMessage(strings.Replace(fineIssue, tc.old, tc.changed, 1)))
		p.issue(json.RawMessage(strings.ReplaceAll(fineIssue, "EX1184213", "EX1184214")))
		if len(p.heard.Published) != 1 || len(p.heard.Unread) != 1 {
			t.Fatalf("%s: heard %+v", tc.changed, p.heard)
		}
		u := p.heard.Unread[0]
		if tc.code != "" && u.Code != tc.code || !strings.Contains(u.Reason, tc.says) || utf8.RuneCountInString(u.Code) > 60 {
			t.Errorf("%s is told as %+v", tc.changed, u)
		}
	}
}

// What may be missing is dropped where it is wrong, and the issue stands.
func TestWhatMayBeMissing(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ old, changed string }{
		{`"endDateTime":null`, `"endDateTime":"0001-01-01T00:00:00"`},
		{`"endDateTime":null,`, ``},
		{`"highImpact":true`, `"highImpact":null`},
		{`"ServiceDegradation"`, `"somethingNew"`},
		{`"details":[]`, `"details":{"a":[[[]]]}`},
		{`"2026-11-10T13:12:00Z"`, `"0001-01-01T00:00:00Z"`},
		{`{"contentType":"html","content":"Current status: old"}`, `"text"`},
		{`"Current status: old"`, `"<script>x</script>"`},
	} {
		p := newPoll()
		p.issue(json.RawMessage(strings.Replace(fineIssue, tc.old, tc.changed, 1)))
		if len(p.heard.Published) != 1 || p.heard.Published[0].EndedAt != nil || p.heard.Published[0].Ended() {
			t.Errorf("%s: heard %+v", tc.changed, p.heard)
		}
	}
}

func TestOneCodeComesOnce(t *testing.T) {
	t.Parallel()
	later := strings.Replace(fineIssue, "13:40:00.063Z", "13:50:00Z", 1)
	other := strings.Replace(fineIssue, "Delays", "Other words", 1)
	for name, tc := range map[string]struct {
		entries []string
		title   string
		unread  int
	}{
		"the same twice":             {[]string{fineIssue, fineIssue}, "Delays", 0},
		"changed between":            {[]string{fineIssue, strings.Replace(later, "Delays", "Fewer delays", 1)}, "Fewer delays", 0},
		"the older last":             {[]string{later, other}, "Delays", 0},
		"other content":              {[]string{fineIssue, other}, "Delays", 1},
		"a code in another spelling": {[]string{fineIssue, strings.Replace(other, "EX1184213", " ex1184213", 1)}, "Delays", 1},
	} {
		p := newPoll()
		for _, e := range tc.entries {
			p.issue(json.RawMessage(e))
		}
		if len(p.heard.Published) != 1 || p.heard.Published[0].Title != tc.title || len(p.heard.Unread) != tc.unread {
			t.Errorf("%s: heard %+v", name, p.heard)
		}
	}
}

func TestServicesAreThoseOfTheForm(t *testing.T) {
	t.Parallel()
	p := newPoll()
	for _, entry := range []string{`{"id":"OrgLiveID","service":"Identity Service","status":"ServiceOperational"}`, `{"id":"Exchange","service":"","status":"investigating"}`,
		`{"id":"Lync","service":"Skype for Business","status":"serviceOperational"}`, `{"id":"microsoftteams","service":"Microsoft Teams","status":"serviceInterruption"}`,
		`{"id":"X"}`, `7`} {
		p.overview(json.RawMessage(entry))
	}
	want := []desk.ServiceState{{Service: "Microsoft Entra", Status: "serviceoperational", HeardAt: now}, {Service: "Exchange Online", Status: "investigating", HeardAt: now},
		{Service: "Microsoft Teams", Status: "serviceinterruption", HeardAt: now}}
	if len(p.heard.Services) != len(want) || len(p.heard.Unread) != 2 {
		t.Fatalf("heard %+v", p.heard)
	}
	for i := range want {
		if p.heard.Services[i] != want[i] {
			t.Errorf("service %d is %+v, want %+v", i, p.heard.Services[i], want[i])
		}
	}
}

func TestUnreadAreBounded(t *testing.T) {
	t.Parallel()
	p := newPoll()
	for range 10 * mostUnread {
		p.issue(json.RawMessage(`{}`))
	}
	if len(p.heard.Unread) != mostUnread {
		t.Errorf("%d are told", len(p.heard.Unread))
	}
}

func FuzzEntry(f *testing.F) {
	f.Add([]byte(fineIssue))
	f.Add([]byte(`{"id":"MC1","title":"t","services":["a","b"],"body":{"contentType":"text","content":"x"},"startDateTime":"2026-11-10T13:05:00Z","lastModifiedDateTime":"2026-11-10T13:05:00Z"}`))
	f.Add([]byte(`{"id":[],"posts":[1,{"createdDateTime":1}]}`))
	f.Fuzz(func(t *testing.T, entry []byte) {
		p := newPoll()
		p.issue(entry)
		p.message(entry)
		p.overview(entry)
		for _, read := range p.heard.Published {
			if read.Code == "" || read.Title == "" || read.Service == "" || read.StartedAt.Year() < 2000 || read.ChangedAt.After(now.Add(ahead)) {
				t.Fatalf("read %+v", read)
			}
			if strings.ContainsAny(read.Title+read.Service+read.Feature+read.Impact, "\x00\n") || !utf8.ValidString(read.Title) {
				t.Fatalf("read %+v", read)
			}
			if _, err := json.Marshal(read); err != nil {
				t.Fatal(err)
			}
		}
	})
}
