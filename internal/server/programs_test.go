package server_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"regexp"
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
	from := http.DefaultClient
	if p.token == nobodys { // whoever guesses from one address is soon made to wait
		from = still(t, &http.Client{})
	}
	return p.do(t, from, r)
}

// nobodys is a token of the right form that opens nothing.
var nobodys = desk.TokenText([32]byte{1})

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

// One world serves them all, in this order: what comes last is free to change it.
func TestPrograms(t *testing.T) {
	t.Parallel()
	d := open(t)
	ines := d.program(t, "alpine", "paul@alpine.example", "ines@alpine.example")
	for _, c := range []struct {
		name string
		run  func(*testing.T, program)
	}{
		{"the description is valid OpenAPI 3.1", func(t *testing.T, p program) { validOpenAPI(t, p.door) }},
		{"nobody reaches what is not his", func(t *testing.T, p program) { walkOfPrograms(t, p.door) }},
		{"lists go on by cursor", listsGoOn},
		{"every list has a limit", limitedLists},
		{"what is made is said where", madeThings},
		{"what is known is not sent again", notSentAgain},
		{"a stale change is refused", staleChanges},
		{"a request is done once", doneOnce},
		{"two at once are done once", twoAtOnce},
		{"a body of 100 MB", bodyOf100MB},
		{"ten thousand nested brackets", nestedBrackets},
		{"bodies that are not what they say", hostileBodies},
		{"refusals say where", refusalsSayWhere},
		{"addresses and methods that are none", noAddress},
		{"cookies count for nothing", cookiesCountForNothing},
		{"whoever asks too often waits", asksTooOften},
		{"whoever guesses waits", guesses},
		{"the example of the README", exampleRuns},
		{"a token that was revoked", revokedTokens},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, ines) })
	}
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
	// What the schema cannot say: a name in a path is a parameter, a reference leads
	// somewhere, and every route of the table is described.
	described := 0
	for path, item := range a.json(t)["paths"].(map[string]any) {
		for method, o := range item.(map[string]any) {
			text, _ := json.Marshal(o)
			for _, name := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
				if !strings.Contains(string(text), `"in":"path","name":"`+name[1]+`"`) && !strings.Contains(string(text), `"name":"`+name[1]+`","in":"path"`) {
					t.Errorf("%s %s does not describe %s", method, path, name[1])
				}
			}
			if !programRoutes[strings.ToUpper(method)+" "+path] {
				t.Errorf("%s %s is in no table of these tests", method, path)
			}
			described++
		}
	}
	if described != len(programRoutes) {
		t.Errorf("%d of %d routes are described", described, len(programRoutes))
	}
	for _, to := range regexp.MustCompile(`"\$ref":"#/components/schemas/(\w+)"`).FindAllStringSubmatch(a.body, -1) {
		if !strings.Contains(a.body, `"`+to[1]+`":{`) {
			t.Errorf("nothing is called %s", to[1])
		}
	}
}
