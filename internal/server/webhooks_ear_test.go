package server_test

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/internal/desk"
)

// heard is a message that a receiver got.
type heard struct {
	path, id string
	header   http.Header
	body     string
}

// ear is another system: what it hears, and what it answers on each of its paths.
type ear struct {
	url  string
	got  chan heard
	slow chan bool
}

func listen(t *testing.T) *ear {
	t.Helper()
	e := &ear{got: make(chan heard, 100), slow: make(chan bool)}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path == "/slow" {
			select {
			case <-e.slow:
			case <-r.Context().Done():
			}
		}
		w.WriteHeader(map[string]int{"/well": 204, "/wrong": 500, "/gone": 410, "/slow": 204}[r.URL.Path])
		_, _ = io.WriteString(w, map[string]string{"/wrong": "<b>nicht jetzt</b>"}[r.URL.Path])
		e.got <- heard{r.URL.Path, r.Header.Get("Webhook-Id"), r.Header, string(body)}
	}))
	t.Cleanup(func() { close(e.slow); s.Close() })
	e.url = s.URL
	return e
}

// next is what comes next on a path.
func (e *ear) next(t *testing.T, path string) heard {
	t.Helper()
	var others []heard
	defer func() {
		for _, h := range others {
			e.got <- h
		}
	}()
	for late := time.After(10 * time.Second); ; {
		select {
		case h := <-e.got:
			if h.path == path {
				return h
			}
			others = append(others, h)
		case <-late:
			t.Fatalf("nothing came to %s", path)
		}
	}
}

// tested is the next test that comes on a path.
func (e *ear) tested(t *testing.T, path string) heard {
	t.Helper()
	for {
		if h := e.next(t, path); h.data(t)["type"] == string(desk.WebhookTested) {
			return h
		}
	}
}

func (h heard) data(t *testing.T) map[string]any {
	t.Helper()
	var m struct {
		Type      string
		Timestamp time.Time
		Data      map[string]any
	}
	if err := json.Unmarshal([]byte(h.body), &m); err != nil || m.Type == "" || time.Since(m.Timestamp) > time.Minute {
		t.Fatalf("%s: %v", h.body, err)
	}
	m.Data["type"] = m.Type
	return m.Data
}

// signed tells whether a message is signed with a secret.
func (h heard) signed(secret string) bool {
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	m := hmac.New(sha256.New, key)
	m.Write([]byte(h.id + "." + h.header.Get("Webhook-Timestamp") + "." + h.body))
	return slices.Contains(strings.Fields(h.header.Get("Webhook-Signature")), "v1,"+base64.StdEncoding.EncodeToString(m.Sum(nil)))
}

// described holds a message to what the OpenAPI document says of it: it has these parts,
// and each has what is described as required and nothing else.
func (p program) described(t *testing.T, body string, parts ...string) {
	t.Helper()
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any
				Required   []string
			}
		}
		Webhooks map[string]any
	}
	var m struct {
		Type string
		Data map[string]json.RawMessage
	}
	a := p.ask(t, http.MethodGet, "/openapi.json", "")
	if err := errors.Join(json.Unmarshal([]byte(a.body), &doc), json.Unmarshal([]byte(body), &m)); err != nil {
		t.Fatal(err)
	}
	if doc.Webhooks[m.Type] == nil || len(m.Data) != len(parts) {
		t.Errorf("%s has %d parts, want %v", m.Type, len(m.Data), parts)
	}
	for _, part := range parts {
		if part == "changed" {
			continue
		}
		schema := doc.Components.Schemas["Told"+strings.ToUpper(part[:1])+part[1:]]
		var told map[string]any
		if err := json.Unmarshal(m.Data[part], &told); err != nil {
			t.Errorf("%s: %v", part, err)
		}
		for name := range told {
			if schema.Properties[name] == nil {
				t.Errorf("%s of %s is not described", name, part)
			}
		}
		for _, name := range schema.Required {
			if _, ok := told[name]; !ok {
				t.Errorf("%s of %s is missing", name, part)
			}
		}
	}
}

// tried waits until so many tries are written down.
func (p program) tried(t *testing.T, at string, n int) {
	t.Helper()
	for range 200 {
		if tries, _ := p.want(t, http.StatusOK, http.MethodGet, at, "")["tries"].([]any); len(tries) >= n {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s was not tried %d times", at, n)
}

// The README's receiver is run as it stands there.
func receiverHears(t *testing.T, p program) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 on this machine")
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, script, found := strings.Cut(string(readme), "```python\n# hear.py")
	script, _, _ = strings.Cut(script, "```\n")
	if lines := strings.Count(script, "\n"); !found || lines > 60 {
		t.Fatalf("the README has no receiver of at most 60 lines: %d", lines)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	_, port, _ := net.SplitHostPort(address)
	id, secret := p.hook(t, "http://"+address+"/", "ticket.updated")
	c := exec.CommandContext(t.Context(), python, "-c", "#"+script)
	c.Env = append(os.Environ(), "GUICHET_URL="+p.Base, "GUICHET_TOKEN="+p.token, "WEBHOOK_SECRET="+secret, "PORT="+port, "PYTHONIOENCODING=utf-8")
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	for range 200 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	resp, err := http.Post("http://"+address, "application/json", strings.NewReader(`{"type":"ticket.updated"}`))
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		t.Fatalf("whoever signs nothing: %v (%v)", resp, err)
	}
	resp.Body.Close()
	number := p.aTicket(t)
	p.want(t, http.StatusOK, http.MethodPatch, "/tickets/"+number, `{"impact":"stopped"}`)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "ticket.updated\t"+number+"\topen\t") {
		t.Errorf("it heard %q (%v)", line, err)
	}
	list := p.want(t, http.StatusOK, http.MethodGet, "/webhooks/"+id+"/deliveries?state=delivered", "")["items"].([]any)
	if len(list) == 0 || list[0].(map[string]any)["status"] != 204.0 {
		t.Errorf("%v", list)
	}
}
