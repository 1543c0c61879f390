package journey_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"testing"
	"time"
)

// movesIn has an admin send a file with a line that is good and one that is not, and
// waits until it is read. One file is worked on at a time.
func movesIn(t *testing.T, c *http.Client, at string) string {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		for _, field := range [][2]string{{"kind", "customers"}, {"text", "Nom;Rue;Microsoft ID\nAncien client;x;\nAutre client;x;faux\n"}} {
			if err := w.WriteField(field[0], field[1]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		answer, err := c.Post(at, w.FormDataContentType(), &form)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if id := path.Base(answer.Request.URL.Path); answer.StatusCode == http.StatusOK && !strings.HasSuffix(at, id) {
			return id
		}
	}
	t.Fatal("no file is ever read")
	return ""
}
