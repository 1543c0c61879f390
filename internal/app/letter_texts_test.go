package app_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// Letters say a desk's own words, in each reader's language, with values in place of
// variables and nothing else; what was said before is on record.
func TestLettersSayTheDesksOwnWords(t *testing.T) {
	t.Parallel()
	w := newMailed(t)
	c, o, ctx := w.one.first, w.one, t.Context()
	lea := c.contact.Person.Email
	save := func(k desk.LetterKind, fr, en string, revisions ...int) error {
		r, texts := append(revisions, 0, 0), map[string]desk.Saying{"fr": {Body: fr}, "en": {Body: en}}
		if k == desk.LetterSubject {
			texts = map[string]desk.Saying{"fr": {Subject: fr}, "en": {Subject: en}}
		}
		return w.SaveLetter(ctx, o.admin, k, app.LetterForm{Texts: texts, Revisions: map[string]int{"fr": r[0], "en": r[1]}})
	}
	var invalid desk.Invalid
	for text, key := range map[string]string{"{nombre}": "error.letter.variable", "{number": "error.letter.brace", "number}": "error.letter.brace", "{{.Number}}": "error.letter.brace", "{}": "error.letter.variable",
		"{num\nber}": "error.letter.brace", "{reason}": "error.letter.variable", strings.Repeat("x", 2001): "error.too_long", "a\x00b": "error.encoding"} {
		err := save("received", "", text)
		if !errors.As(err, &invalid) || invalid.Problems[0].Field != "body_en" || invalid.Problems[0].Key != key {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	if err := save(desk.LetterSubject, "{name}", ""); !errors.As(err, &invalid) {
		t.Errorf("a subject that changes from letter to letter: %v", err)
	}
	if err := save("nonsense", "x", ""); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a letter that is none: %v", err)
	}
	for _, err := range []error{
		save(desk.LetterSubject, "{desk}\u202f: {subject} (n° {number})\r\nBcc: x", ""),
		save("received", "Merci {name}, c’est noté\u202f: « {subject} ».\r\n\r\nÀ bientôt <b>ici</b> & là.", "{number} it is."),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := save("received", "Old form.", ""); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("an old form: %v", err)
	}

	// What customers write is no variable, and no markup.
	w.submit(t, c.contact, desk.Submission{Subject: "{desk} {name} <i>x</i>", Body: "It is slow"})
	m := w.newest(t, lea)
	for _, words := range []string{"Merci contact, c’est noté\u202f: « {desk} {name} <i>x</i> ».\n\nÀ bientôt <b>ici</b> & là.\n\n", "— Répondez au-dessus"} {
		if !strings.Contains(m.Text, words) {
			t.Errorf("%q is not in\n%s", words, m.Text)
		}
	}
	if strings.Contains(m.HTML, "<b>") || strings.Contains(m.HTML, "<i>") || strings.Contains(m.Text, "Nous avons bien reçu") || m.Subject != "Desk one\u202f: {desk} {name} <i>x</i> (n° 100) Bcc: x" || len(m.Headers["Bcc"]) != 0 {
		t.Errorf("%q:\n%s", m.Subject, m.HTML)
	}
	list := made(w.PreviewLetter(ctx, o.admin, "received", app.LetterForm{Texts: map[string]desk.Saying{"fr": {Body: "Essai {name}."}}}))
	if len(list) != 2 || !strings.Contains(list[0].Text, "Essai Léa.") || !strings.HasPrefix(list[0].Subject, "Desk one\u202f: Outlook") || !strings.Contains(list[1].Text, "We have your ticket") {
		t.Errorf("the preview: %+v", list)
	}
	for kind, missing := range map[desk.LetterKind]string{"link": "error.letter.without_link", "daily": "error.letter.without_list", "dossier": "error.letter.without_dossier"} {
		err := save(kind, "", "Nothing of it.")
		if !errors.As(err, &invalid) || invalid.Problems[0].Field != "body_en" || invalid.Problems[0].Key != missing {
			t.Errorf("%s: %v", kind, err)
		}
	}
	err := w.SaveLetter(ctx, o.admin, "link", app.LetterForm{Texts: map[string]desk.Saying{"fr": {Subject: "Entrez par {link}"}}})
	if !errors.As(err, &invalid) || invalid.Problems[0].Field != "subject_fr" || invalid.Problems[0].Key != "error.letter.variable" {
		t.Errorf("an address in a subject: %v", err)
	}
	err = w.SaveLetter(ctx, o.admin, "link", app.LetterForm{Texts: map[string]desk.Saying{"fr": {Subject: "Entrez chez {desk}", Body: "La porte\u202f:\n\n{link}\n\nFermez-la."}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.PrepareLinks(ctx, app.LinkRequest{Desk: o.desk.ID, Email: lea}); err != nil {
		t.Fatal(err)
	}
	for _, args := range w.jobs(t, "sign_in_link") {
		var n app.LinkNotice
		if err := errors.Join(json.Unmarshal(args, &n), w.SendLink(ctx, n)); err != nil {
			t.Fatal(err)
		}
	}
	if m := w.mail.Messages()[0]; m.Subject != "Entrez chez Desk one" || !strings.Contains(m.Text, "La porte\u202f:\n\nMe connecter\nhttps://") || !strings.Contains(m.Text, "\n\nFermez-la.\n\n-- \n") {
		t.Errorf("a sign-in link's letter: %q\n%s", m.Subject, m.Text)
	}
	if err := save("received", "", "", 1, 1); err != nil {
		t.Fatal(err)
	}
	history := made(w.LetterHistory(ctx, o.admin, "received"))
	if len(history) != 4 || history[0].Body != "" || !slices.ContainsFunc(history, func(x desk.LetterText) bool { return x.Body == "{number} it is." && x.PersonName != "" }) {
		t.Errorf("its history: %+v", history)
	}
	w.submit(t, c.contact, desk.Submission{Subject: "Again", Body: "It is slow"})
	if m := w.newest(t, lea); !strings.Contains(m.Text, "Nous avons bien reçu") {
		t.Errorf("after the portal's words came back:\n%s", m.Text)
	}
	if got := made(w.LetterWords(ctx, w.two.admin)); slices.ContainsFunc(got, func(x desk.LetterWords) bool { return x.Own != (desk.Saying{}) }) {
		t.Error("another desk says them too")
	}
}
