package prose

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"guichet/internal/desk"
)

var update = flag.Bool("update", false, "write the golden files")

// posted is when the posts of testdata were: a Wednesday.
var posted = time.Date(2021, 11, 17, 13, 32, 11, 0, time.UTC)

func TestPosts(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/posts/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal(err, paths)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got := shown(Post(posted, "Regular", "Html", string(content)))
		golden := strings.TrimSuffix(path, ".txt") + ".golden"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || got != string(want) {
			t.Errorf("%s reads\n%s\nwant (%v)\n%s", path, got, err, want)
		}
	}
}

func shown(p desk.Post) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", p.Text)
	for _, part := range p.Parts {
		fmt.Fprintf(&b, "=== %s\n%s\n", part.Label, part.Text)
	}
	if next := NextUpdate(p); next != nil {
		fmt.Fprintf(&b, "=== more at %s\n", next.Format(time.RFC3339))
	}
	return b.String()
}

func TestNextUpdate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Next update by: Wednesday, November 17, 2021, at 2:30 PM UTC":                              "2021-11-17T14:30:00Z",
		"Next update by: Wednesday, November 17, 2021 at 2:30 PM (UTC)":                             "2021-11-17T14:30:00Z",
		"Next update by: Thursday, November 18, at 1:00 AM UTC":                                     "2021-11-18T01:00:00Z",
		"Next update by: Friday at 1:00 AM UTC":                                                     "2021-11-19T01:00:00Z",
		"Next update by: Wednesday at 1:00 PM UTC":                                                  "2021-11-24T13:00:00Z",
		"Next update by: approximately 4:00 PM UTC":                                                 "2021-11-17T16:00:00Z",
		"Next update by: 9:15 a.m. UTC":                                                             "2021-11-18T09:15:00Z",
		"Next update by: no later than Nov. 18, 2021, 10:00 AM":                                     "2021-11-18T10:00:00Z",
		"Next update by: 18 November 2021 14:30 UTC":                                                "2021-11-18T14:30:00Z",
		"Next update by: 11/18/2021 2:30 PM UTC":                                                    "2021-11-18T14:30:00Z",
		"Next update by: 2021-11-18T14:30:00Z":                                                      "2021-11-18T14:30:00Z",
		"Next update by: Thursday, November 18, 2021, at 12:30 AM UTC (Wednesday, 4:30 PM PST)":     "2021-11-18T00:30:00Z",
		"Next update by: Wednesday, November 17, 2021, at 12:00 PM PST":                             "2021-11-17T20:00:00Z",
		"Next update: Thursday, November 18, 2021, at approximately 1:00 AM UTC, or sooner":         "2021-11-18T01:00:00Z",
		"We'll provide an update within 30 minutes.":                                                "2021-11-17T14:02:11Z",
		"We'll provide an update in approximately two hours.":                                       "2021-11-17T15:32:11Z",
		"The next update will be provided in 60 minutes, or as events warrant.":                     "2021-11-17T14:32:11Z",
		"We will provide an update by Thursday, November 18, 2021, at 3:00 PM UTC.":                 "2021-11-18T15:00:00Z",
		"Current status: We're on it.\nNext update by: Thursday, November 18, 2021, at 7:00 AM GMT": "2021-11-18T07:00:00Z",

		"Next update by: Tuesday, November 16, 2021, at 2:30 PM UTC": "", // before the post
		"Next update by: Friday, November 18, 2022, at 2:30 PM UTC":  "", // a year ahead
		"Next update by: Monday, January 1, 0001, at 12:00 AM UTC":   "",
		"Next update by: November 31, 2021, at 2:30 PM UTC":          "",
		"Next update by: Thursday, November 18, at 25:00 UTC":        "",
		"Next update by: Thursday, November 18, at 2:75 PM UTC":      "",
		"Next update by: Thursday, November 18, at 2:30 PM IST":      "",
		"Next update by: soon":                                        "",
		"Next update by:":                                             "",
		"This is the final update for the event.":                     "",
		"The issue began Thursday, November 18, 2021, at 2:30 PM UTC": "",
		"We'll update the client in 30 days":                          "",
		"":                                                            "",
	} {
		p := Post(posted, "regular", "text", text)
		got := ""
		if next := NextUpdate(p); next != nil {
			got = next.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q says more at %q, want %q", text, got, want)
		}
	}
}

// Around New Year a date without its year is of the year that is near.
func TestNextUpdateWithoutYear(t *testing.T) {
	t.Parallel()
	p := Post(time.Date(2021, 12, 31, 23, 0, 0, 0, time.UTC), "regular", "text", "Next update by: Saturday, January 1, at 1:00 AM UTC")
	if next := NextUpdate(p); next == nil || !next.Equal(time.Date(2022, 1, 1, 1, 0, 0, 0, time.UTC)) {
		t.Errorf("more is said at %v", next)
	}
	if next := NextUpdate(desk.Post{Text: p.Text, Parts: p.Parts}); next != nil {
		t.Errorf("a post without a time says more at %v", next)
	}
}

func TestTimeOfAnAnswer(t *testing.T) {
	t.Parallel()
	for text, good := range map[string]bool{
		"2021-11-17T13:00:00Z": true, "2021-11-24T18:04:07.063Z": true, "2021-11-17T15:00:00+02:00": true, "2025-05-13T15:43:48.1203530Z": false, // of the future
		"2021-11-17T13:00:00": true, "0001-01-01T00:00:00": false, "0001-01-01T00:00:00Z": false, "9999-12-31T23:59:59Z": false, "1970-01-01T00:00:00Z": false,
		"": false, "yesterday": false, "2021-11-17": false, "2021-13-17T13:00:00Z": false, "99999-11-17T13:00:00Z": false,
	} {
		if at, ok := Time(text, posted, 366*24*time.Hour); ok != good {
			t.Errorf("Time(%q) = %v, %v", text, at, ok)
		}
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"EX1184213": "EX1184213", " mo248163 ": "MO248163", "BC_1-FXZ": "BC_1-FXZ", "0N_V-5Z8": "0N_V-5Z8",
		"": "", "EX": "", "EX 123456": "", "EX1184213/x": "", "<b>EX1</b>": "", "É1184213": "", strings.Repeat("A", 41): "", "EX118\n4213": "", "-X1184213": ""} {
		if code, ok := Code(text); ok != (want != "") || ok && code != want {
			t.Errorf("Code(%q) = %q, %v", text, code, ok)
		}
	}
}

func TestLongTextIsCut(t *testing.T) {
	t.Parallel()
	p := Post(posted, strings.Repeat("x", 1000), "html", "User impact: "+strings.Repeat("é ", mostText))
	if n := utf8.RuneCountInString(p.Text); n > mostText || !strings.HasSuffix(p.Text, "…") {
		t.Errorf("%d runes are kept", n)
	}
	if n := utf8.RuneCountInString(p.Kind); n > longestWord {
		t.Errorf("a kind of %d runes", n)
	}
	if got := Plain(strings.Repeat("<b>Title</b>", 200_000)); len(got) > 4*mostText {
		t.Errorf("%d bytes are kept", len(got))
	}
}

func FuzzPost(f *testing.F) {
	paths, _ := filepath.Glob("testdata/posts/*.txt")
	for _, path := range paths {
		if content, err := os.ReadFile(path); err == nil {
			f.Add(string(content))
		}
	}
	f.Add("<b>Title<b>:</b></b><a href=https://x>y</a><p/><svg/>z<plaintext>w")
	f.Add("Next update by: within 999 hours at 9 PM 1/1/2021 1:1am, Mon Mon 1:00")
	f.Fuzz(func(t *testing.T, content string) {
		p := Post(posted, content, "html", content)
		if !utf8.ValidString(p.Text) || utf8.RuneCountInString(p.Text) > mostText || len(p.Parts) > mostParts {
			t.Fatalf("kept %q", p.Text)
		}
		for _, r := range p.Text + p.Kind {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError) {
				t.Fatalf("%U is kept in %q", r, p.Text)
			}
		}
		for _, part := range p.Parts {
			if !labels[part.Label] || !strings.Contains(strings.ReplaceAll(p.Text, "\n", " "), strings.ReplaceAll(part.Text, "\n", " ")) {
				t.Fatalf("the part %q is not in the text %q", part, p.Text)
			}
		}
		if next := NextUpdate(p); next != nil && (!next.After(posted) || next.Sub(posted) > furthestUpdate) {
			t.Fatalf("more is said at %v", next)
		}
		if again := tidy(p.Text); again != p.Text {
			t.Fatalf("tidied again %q becomes %q", p.Text, again)
		}
	})
}
