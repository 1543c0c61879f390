package dossier

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

func scrub(t *testing.T, har string) (string, []Masked) {
	t.Helper()
	var out bytes.Buffer
	kinds, err := ScrubHAR(iotest.OneByteReader(strings.NewReader(har)), &out)
	if err != nil {
		t.Fatalf("%v: %.300s", err, har)
	}
	if !json.Valid(out.Bytes()) {
		t.Fatalf("no JSON: %s", out.String())
	}
	return out.String(), kinds
}

func entry(request, response string) string {
	return `{"log":{"version":"1.2","creator":{"name":"WebInspector"},"entries":[{"request":` + request + `,"response":` + response + `}]}}`
}

func TestScrubbedHARHasNoSecrets(t *testing.T) {
	t.Parallel()
	page := base64.StdEncoding.EncodeToString([]byte(`<input type="hidden" name="id_token" value="planted-h"/>`))
	har := "\uFEFF" + entry(`{"method":"POST","url":"https://login.microsoftonline.com/x/oauth2/token?client-request-id=`+id1+`&code=0.planted-a-0123456789abcdef",
		"headers":[{"name":"Authorization","value":"Bearer planted-b"},{"value":"planted-c","name":"cookie"},{"name":"client-request-id","value":"`+id1+`"},{"name":"X-Ms-Authorization-Auxiliary","value":"Bearer planted-d"},{"name":"Referer","value":"https://x/?id_token=planted-e"}],
		"queryString":[{"name":"code","value":"0.planted-a-0123456789abcdef"},{"name":"login_hint","value":"sam@lumen.example"}],
		"cookies":[{"name":"ESTSAUTH","value":"planted-f","httpOnly":true}],
		"postData":{"mimeType":"application/x-www-form-urlencoded","text":"login=sam%40lumen.example&passwd=planted-g&client_secret=planted-i&SAMLResponse=planted-j","params":[{"name":"passwd","value":"planted-g"}]}}`,
		`{"status":200,"headers":[{"name":"Set-Cookie","value":"buid=planted-k; secure"},{"name":"x-ms-request-id","value":"`+id2+`"},{"name":"Location","value":"https://x/cb#access_token=planted-l&state=1"}],
		"content":{"size":12,"mimeType":"application/json","text":"{\"access_token\":\"planted-m\",\"expires_in\":3599,\"token_type\":\"Bearer\",\"error\":{\"code\":\"InvalidAuthenticationToken\"},\"in\":\"{\\\"refreshToken\\\":\\\"planted-n\\\"}\",\"password\":123456789}"},
		"_page":{"content":{"mimeType":"text/html","encoding":"base64","text":"`+page+`"}},"_image":{"content":{"mimeType":"image/png","encoding":"base64","text":"cGxhbnRlZA=="}},
		"_more":{"content":{"mimeType":"multipart/form-data","text":"--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nplanted-o\r\n--b"}}}`)
	out, kinds := scrub(t, har)
	if strings.Contains(out, "planted") || strings.Contains(out, "123456789,") || strings.Contains(out, ":123456789") || strings.Contains(out, page) || strings.Contains(out, "cGxhbnRlZA") {
		t.Error(out)
	}
	for _, kept := range []string{id1, id2, "sam@lumen.example", "sam%40lumen.example", "InvalidAuthenticationToken", `\"token_type\":\"Bearer\"`, `"status":200`, "ESTSAUTH", "state=1", "3599"} {
		if !strings.Contains(out, kept) {
			t.Errorf("%q is gone: %s", kept, out)
		}
	}
	if len(kinds) < 6 {
		t.Errorf("%v", kinds)
	}
	if again, more := scrub(t, out); again != out || len(more) > 1 {
		t.Errorf("scrubbed again: %v\n%s\n%s", more, out, again)
	}
}

func TestWhatIsNoHARIsRefused(t *testing.T) {
	t.Parallel()
	right := entry(`{"url":"https://x"}`, `{"headers":[{"name":"a","value":"b"}]}`)
	if out, _ := scrub(t, right); out != right {
		t.Errorf("%s became %s", right, out)
	}
	cases := map[string]string{
		"nothing": "", "text": "hello", "an array": "[]", "no log": "{}", "no entries": `{"log":{}}`, "log of nothing": `{"log":[]}`, "cut": right[:len(right)-3], "cut in a string": right[:60],
		"more": right + "{}", "a comma": strings.Replace(right, `"b"}]`, `"b"},]`, 1), "no colon": `{"log" {"entries":[]}}`, "two values": `{"log":{"entries":[1 2]}}`,
		"a bad number": `{"log":{"entries":[01]}}`, "a bad word": `{"log":{"entries":[nul]}}`, "a control character": "{\"log\":{\"entries\":[\"\x01\"]}}", "a bad escape": `{"log":{"entries":["\x"]}}`,
		"deep": `{"log":{"entries":` + strings.Repeat("[", 10_000), "deep objects": strings.Repeat(`{"log":`, 10_000), "deep headers": `{"log":{"entries":[{"headers":[` + strings.Repeat(`{"a":`, 10_000),
		"a long word": `{"log":{"entries":[` + strings.Repeat("1", 1000) + `]}}`, "a long key": `{"` + strings.Repeat("k", 1<<20) + `":1}`, "a key without quotes": `{log:1}`,
	}
	for name, har := range cases {
		if _, err := ScrubHAR(strings.NewReader(har), io.Discard); !errors.Is(err, ErrHAR) {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := errors.New("broken")
	if _, err := ScrubHAR(io.MultiReader(strings.NewReader(right[:50]), iotest.ErrReader(broken)), io.Discard); !errors.Is(err, broken) {
		t.Errorf("a broken reader: %v", err)
	}
}

// endless writes a HAR of many entries, one of them with a body longer than memory should hold.
func endless(w io.Writer, size int) error {
	if _, err := io.WriteString(w, `{"log":{"entries":[`); err != nil {
		return err
	}
	body := strings.Repeat("lorem ipsum dolor sit amet, ", 600)
	for n := 0; n < size; {
		m, err := fmt.Fprintf(w, `{"request":{"url":"https://graph.microsoft.com/v1.0/me?n=%d","headers":[{"name":"Authorization","value":"Bearer planted%d"}]},"response":{"content":{"mimeType":"text/plain","text":"%s"}}},`, n, n, body)
		if err != nil {
			return err
		}
		n += m
	}
	if _, err := io.WriteString(w, `{"response":{"content":{"mimeType":"application/octet-stream","text":"`); err != nil {
		return err
	}
	for range 8 << 10 {
		if _, err := io.WriteString(w, strings.Repeat("A", 1<<10)); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, `"}}}]}}`)
	return err
}

type counting struct{ n int }

func (c *counting) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("planted")) {
		return 0, errors.New("a secret is left")
	}
	c.n += len(p)
	return len(p), nil
}

func TestFortyMegabytesNeedLittleMemory(t *testing.T) {
	in, into := io.Pipe()
	go func() { into.CloseWithError(endless(into, 32<<20)) }()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var out counting
	kinds, err := ScrubHAR(in, &out)
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	grown := (int64(after.HeapSys) - int64(before.HeapSys)) >> 20
	if t.Logf("the heap grew by %d MB", grown); grown > 48 {
		t.Errorf("the heap grew by %d MB", grown)
	}
	if out.n < 30<<20 || len(kinds) != 2 || kinds[0].Kind != "authorization" || kinds[1] != (Masked{"left_out", 1}) {
		t.Errorf("%d bytes, %v", out.n, kinds)
	}
}

func FuzzScrubHAR(f *testing.F) {
	f.Add(entry(`{"headers":[{"name":"Cookie","value":"x"}]}`, `{"content":{"text":"{\"token\":\"x\"}"}}`))
	f.Add(`{"log":{"entries":[[[{"a":1e9}]]]}}`)
	f.Fuzz(func(t *testing.T, har string) {
		var out bytes.Buffer
		_, err := ScrubHAR(strings.NewReader(har), &out)
		if err != nil {
			if !errors.Is(err, ErrHAR) {
				t.Errorf("%v", err)
			}
			return
		}
		if !json.Valid(out.Bytes()) {
			t.Errorf("%q became %q", har, out.String())
		}
	})
}
