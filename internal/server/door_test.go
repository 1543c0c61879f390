package server_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"guichet/internal/demo"
	"guichet/internal/testbed/running"
)

// A door is a portal with the demo desks, and its database as its owner sees
// it: everything, whatever the policies say.
type door struct {
	*running.Portal
	db    *pgxpool.Pool
	links sync.Map // sign-in links handed out
}

func open(t *testing.T) *door {
	t.Helper()
	return behind(t, running.StartTimeless(t))
}

func behind(t *testing.T, p *running.Portal) *door {
	t.Helper()
	db, err := pgxpool.New(t.Context(), p.Owner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return &door{Portal: p, db: db}
}

// visitor is a browser that nobody signed in with. Like all browsers of these
// tests it keeps cookies and stays where it is sent elsewhere.
func (d *door) visitor(t *testing.T) *http.Client {
	t.Helper()
	return still(t, running.Browser(t))
}

// as is a browser in which a person signed in at his desk.
func (d *door) as(t *testing.T, slug, email string) *http.Client {
	t.Helper()
	c := still(t, d.SignIn(t, slug, email))
	if a := d.get(t, c, "/"+slug+"/account"); a.status != http.StatusOK {
		t.Fatalf("%s is not signed in at %s: %d", email, slug, a.status)
	}
	return c
}

// still lets a browser stay where it is sent elsewhere. It gets an address of
// its own on this machine, as some doors count how often one address knocks.
func still(t *testing.T, c *http.Client) *http.Client {
	t.Helper()
	n := addresses.Add(1)
	from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 1, byte(n>>8), byte(n))}}
	transport := &http.Transport{DialContext: from.DialContext}
	t.Cleanup(transport.CloseIdleConnections)
	c.Transport = transport
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

var addresses atomic.Uint32

// answer is what a browser got.
type answer struct {
	status int
	header http.Header
	body   string
}

func (d *door) get(t *testing.T, c *http.Client, path string) answer {
	t.Helper()
	return d.do(t, c, d.request(t, http.MethodGet, path, nil))
}

func (d *door) post(t *testing.T, c *http.Client, path string, form url.Values) answer {
	t.Helper()
	return d.do(t, c, d.request(t, http.MethodPost, path, form))
}

func (d *door) request(t *testing.T, method, path string, form url.Values) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, d.Base+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

func (d *door) do(t *testing.T, c *http.Client, r *http.Request) answer {
	t.Helper()
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

func (a answer) to() string { return a.header.Get("Location") }

func (a answer) page(t *testing.T) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// text is what a reader sees of a page's main part, on one line.
func (a answer) text(t *testing.T) string {
	t.Helper()
	return strings.Join(strings.Fields(a.page(t).Find("main").Text()), " ")
}

// form is the form of a page that posts to a path, filled as the page has it.
func (a answer) form(t *testing.T, action string) url.Values {
	t.Helper()
	return running.FormOf(t, a.page(t).Find(`form[action="`+action+`"]`).First()).Values
}

// link is the address in a sign-in letter to somebody, each one once.
func (d *door) link(t *testing.T, slug, email string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	address := regexp.MustCompile(regexp.QuoteMeta(d.Base) + `(/` + slug + `/sign-in/link/\S+)`)
	var path string
	_, err := d.Mail.Wait(ctx, func(m demo.Message) bool {
		found := address.FindStringSubmatch(m.Text)
		if !slices.Contains(m.To, email) || found == nil {
			return false
		}
		_, known := d.links.LoadOrStore(found[1], true)
		path = found[1]
		return !known
	})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// list reads one column as the owner.
func list[T any](t *testing.T, d *door, sql string, args ...any) []T {
	t.Helper()
	rows, err := d.db.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
	return out
}

// look reads one value as the owner.
func look[T any](t *testing.T, d *door, sql string, args ...any) T {
	t.Helper()
	out := list[T](t, d, sql, args...)
	if len(out) != 1 {
		t.Fatalf("%d rows where one was expected\n%s", len(out), sql)
	}
	return out[0]
}

// stage changes the database as the owner, past every verb.
func (d *door) stage(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := d.db.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
}

// complains holds a form that came back to its manners: a summary on top that
// leads to each wrong field, and the error beside it, tied to it.
func (a answer) complains(t *testing.T, fields ...string) {
	t.Helper()
	doc := a.page(t)
	if n := doc.Find(`[role="alert"][data-focus] a`).Length(); n != len(fields) {
		t.Errorf("the summary has %d lines, want %v", n, fields)
	}
	for _, field := range fields {
		if doc.Find(`[role="alert"] a[href="#`+field+`"]`).Length() != 1 {
			t.Errorf("the summary does not lead to %s", field)
		}
		control := doc.Find("#" + field)
		if control.Length() != 1 {
			t.Errorf("there is no %s to lead to", field)
			continue
		}
		described := control.AttrOr("aria-describedby", "") + " " + control.Closest("fieldset").AttrOr("aria-describedby", "")
		if !slices.Contains(strings.Fields(described), field+"-error") || strings.TrimSpace(doc.Find("#"+field+"-error").Text()) == "" {
			t.Errorf("the error of %s is not beside it: described by %q", field, described)
		}
		if control.AttrOr("aria-invalid", "") != "true" && control.Closest("fieldset").AttrOr("data-tone", "") != "bad" {
			t.Errorf("%s is not marked as wrong", field)
		}
	}
}
