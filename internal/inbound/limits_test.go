package inbound

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Each mail goes over one limit; it is read all the same, quickly, and says what was left out.
func TestLimitsHold(t *testing.T) {
	t.Parallel()
	const from = "From: eve@outsider.example\nSubject: x\n"
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			if strings.Contains(format, "%") {
				fmt.Fprintf(&b, format, i)
			} else {
				b.WriteString(format)
			}
		}
		return b.String()
	}
	for name, c := range map[string]struct {
		mail, problem string
		check         func(Message) bool
	}{
		"depth": {from + many(5000, "Content-Type: multipart/mixed; boundary=b%[1]d\n\n--b%[1]d\n") + "\nbottom", "nested",
			func(m Message) bool { return len(m.Attachments) == 1 }},
		"one boundary at every depth": {from + many(5000, "Content-Type: multipart/mixed; boundary=b\n\n--b\n") + "\nbottom", "", nil},
		"parts": {from + "Content-Type: multipart/mixed; boundary=b\n\n" + many(50_000, "--b\n\nx\n"), "more than 200 parts",
			func(m Message) bool { return strings.Count(m.Text, "x") == maxParts }},
		"attachments": {from + "Content-Type: multipart/mixed; boundary=b\n\n" + many(150, "--b\nContent-Type: image/png\n\nx\n") + "--b--", "more than 100 attachments",
			func(m Message) bool { return len(m.Attachments) == maxAttachments }},
		"header fields":   {from + many(100_000, "X-A: b\n") + "\nbody", "header is too long", func(m Message) bool { return m.Text == "body" }},
		"a folded header": {from + "X-A: b\n" + many(500_000, " c\n") + "\nbody", "header is too long", func(m Message) bool { return m.Text == "body" }},
		"addresses": {from + "To: " + many(5000, "a%d@x.example, ") + "\n\nbody", "too many addresses",
			func(m Message) bool { return len(m.To) == maxAddresses }},
		"references": {from + "References: " + many(5000, "<r%d@x>") + "\n\nbody", "too many message ids",
			func(m Message) bool {
				return len(m.References) == maxReferences && m.References[0] == "r0@x" && m.References[99] == "r4999@x"
			}},
		"a line":    {from + "\n" + strings.Repeat("x", 900_000), "a line is too long", func(m Message) bool { return len(m.Text) > 900_000 }},
		"text":      {from + "\n" + strings.Repeat("xyz\n", 270_000), "text is too long", func(m Message) bool { return len(m.Text) <= maxText }},
		"colons":    {from + "\n" + strings.Repeat("le 1/2 a@b a écrit :\n", 10_000), "", nil},
		"quotation": {from + "\n" + strings.Repeat(strings.Repeat(">", 1000)+"\n", 1000), "", nil},
		"blanks":    {from + "\n" + strings.Repeat("a:\n\n\n\n\n", 40_000), "", nil},
		"HTML":      {from + "Content-Type: text/html\n\n" + strings.Repeat("<p>xxxxxxxxxxxxxxxx", 112_000), "HTML text is too long", nil},
		"nested HTML": {from + "Content-Type: text/html\n\n" + strings.Repeat("<div>", 200_000) + "x" + strings.Repeat("</b>", 200_000), "",
			func(m Message) bool { return m.Text == "x" }},
		"lists in HTML": {from + "Content-Type: text/html\n\n" + strings.Repeat("<ol><li>", 50_000), "", nil},
		"encoded words": {from + "Cc: " + many(4000, "=?utf-8?q?=41?= ") + "<a@x.example>\n\nbody", "", nil},
		"parameters":    {from + "Content-Type: text/plain; " + many(10_000, "a*%d*=%%41;") + "\n\nbody", "", func(m Message) bool { return m.Text == "body" }},
	} {
		begun := time.Now()
		m, err := Read([]byte(c.mail), DefaultLimits())
		took := time.Since(begun)
		if err != nil || !strings.Contains(strings.Join(m.Problems, ";"), c.problem) || c.check != nil && !c.check(m) {
			t.Errorf("%s: %v, problems %q, %d attachments, text of %d bytes", name, err, m.Problems, len(m.Attachments), len(m.Text))
		}
		if err := sound(m); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if t.Logf("%s: %d bytes in %v", name, len(c.mail), took); took > 20*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

func TestRefusesWhatIsNoMail(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"nothing": "", "lines": "\n\n\n", "words": "hello\nthere\n", "a picture": "\x89PNG\r\n\x1a\n\x00\x00", "a field of something else": "Error: no such file\n\nx",
	} {
		if _, err := Read([]byte(raw), DefaultLimits()); !errors.Is(err, ErrUnreadable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(make([]byte, MaxRaw+1), DefaultLimits()); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
}

// What is announced and what is decoded may differ: no part is taken past the sum that all may have.
func TestDecodedBytesAreBounded(t *testing.T) {
	t.Parallel()
	limits := DefaultLimits()
	limits.Decoded = 1000
	part := "--b\nContent-Type: image/png\n\n" + strings.Repeat("x", 400) + "\n"
	m, err := Read([]byte("From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n"+strings.Repeat(part, 5)+"--b--"), limits)
	if err != nil || len(m.Attachments) != 2 || !strings.Contains(strings.Join(m.Problems, ""), "too large together") {
		t.Errorf("%v, %d attachments, %q", err, len(m.Attachments), m.Problems)
	}
}

func TestNamesAreSafe(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"../../etc/passwd": "passwd", `C:\Users\x\a.txt`: "a.txt", "a\r\nb.txt": "a b.txt", ".ht\u200baccess": ".htaccess", "invoice\u202efdp.exe": "invoicefdp.exe",
		"..": "", "   ": "", "a. . ": "a", "été 2026.pdf": "été 2026.pdf", `a<b>:"|?*.txt`: "ab.txt", "\x00": "", "con\u0085.txt": "con .txt",
		strings.Repeat("é", 200) + ".pdf": strings.Repeat("é", 98) + ".pdf",
	} {
		if got := cleanName(given); got != want {
			t.Errorf("%q became %q, want %q", given, got, want)
		}
	}
}

// Text and Quoted together hold every word of the body, wherever the cut falls.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	lines := []string{"one", "> two", "Le 12/03/2026 à 10:02, X <x@y.example> a écrit :", "", "three", "-----Original Message-----", "From: X <x@y.example>",
		"Sent: Monday", "Subject: four", "Envoyé de mon iPhone", "-- ", ">> five", "________________________________", "---------- Forwarded message ---------", "Please reply above this line"}
	for seed := range 400 {
		body, next := "", seed*7919+13
		for range 8 {
			next = (next*1103515245 + 12345) & 0x7fffffff
			body += lines[(next>>8)%len(lines)] + "\n"
		}
		for _, subject := range []string{"Re: x", "x", "TR: x"} {
			m, err := Read([]byte("From: a@x.example\nSubject: "+subject+"\nContent-Type: text/plain; charset=utf-8\n\n"+body), DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			count := func(s string) int {
				return len(strings.Fields(strings.NewReplacer(">", " ", "<x@y.example", "").Replace(s)))
			}
			if got, want := count(m.Text)+count(m.Quoted), count(body); got != want {
				t.Fatalf("%d words of %d are left of %q: %q and %q", got, want, body, m.Text, m.Quoted)
			}
		}
	}
}
