package server_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"guichet/internal/desk"
)

// program is one of another system's, which holds a token of a desk.
type program struct {
	*door
	token string
}

// everyScope is what a token can reach.
func everyScope() (all []string) {
	for _, s := range desk.TokenScopes() {
		all = append(all, string(s))
	}
	return all
}

// program gets a token in a person's name, with these scopes or all.
func (d *door) program(t *testing.T, slug, admin, person string, scopes ...string) program {
	t.Helper()
	if len(scopes) == 0 {
		scopes = everyScope()
	}
	token, err := d.Parts.App.AddToken(t.Context(), d.actor(t, slug, admin), desk.TokenForm{Name: "Essai", Scopes: scopes, Person: d.actor(t, slug, person).Person.ID})
	if err != nil {
		t.Fatal(err)
	}
	return program{d, token}
}

// ask sends a request; headers come in pairs.
func (p program) ask(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, p.Base+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return p.do(t, http.DefaultClient, r)
}

// want asks and checks the status, and reads the answer into a map.
func (p program) want(t *testing.T, status int, method, path, body string, headers ...string) map[string]any {
	t.Helper()
	a := p.ask(t, method, path, body, headers...)
	if a.status != status {
		t.Fatalf("%s %s: %d, want %d\n%s", method, path, a.status, status, a.body)
	}
	if status >= 400 && a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s %s: a refusal is %s", method, path, a.header.Get("Content-Type"))
	}
	return a.json(t)
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	out := map[string]any{}
	if a.body == "" {
		return out
	}
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		t.Fatalf("%v\n%s", err, a.body)
	}
	return out
}

func TestPrograms(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines := d.program(t, "alpine", "paul@alpine.example", "ines@alpine.example")
	t.Run("the description is valid OpenAPI 3.1", func(t *testing.T) { validOpenAPI(t, d) })
	t.Run("tickets are listed", func(t *testing.T) {
		out := ines.want(t, http.StatusOK, http.MethodGet, "/tickets?limit=3", "")
		if items := out["items"].([]any); len(items) != 3 || out["next"] == "" {
			t.Errorf("%v", out)
		}
	})
}

func validOpenAPI(t *testing.T, d *door) {
	t.Helper()
	a := program{door: d}.ask(t, http.MethodGet, "/openapi.json", "")
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%d %s", a.status, a.header.Get("Content-Type"))
	}
	c := jsonschema.NewCompiler()
	const base = "https://spec.openapis.org/oas/3.1/"
	for file, id := range map[string]string{"schema.json": "schema/2021-04-15", "schema-base.json": "schema-base/2021-04-15", "dialect.json": "dialect/base", "meta.json": "meta/base"} {
		raw, err := os.ReadFile("testdata/openapi-3.1/" + file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err == nil {
			err = c.AddResource(base+id, doc)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	schema, err := c.Compile(base + "schema-base/2021-04-15")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Error(err)
	}
}
