package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// finds tells whether a text holds what is typed, by the same forms that the
// database compares.
func finds(typed, text string) bool {
	var q Query
	for _, p := range Pieces(typed) {
		q.Add(p)
	}
	held := map[string][]int{}
	for n, w := range tokens(text, mostWords) {
		for _, f := range w.forms() {
			held[f] = append(held[f], n)
		}
	}
	for _, t := range q.terms {
		at := map[int]bool{}
		for i, w := range t.words {
			next := map[int]bool{}
			for _, f := range w.forms {
				for _, n := range held[f] {
					if i == 0 || at[n-w.gap] {
						next[n] = true
					}
				}
			}
			at = next
		}
		if (len(at) > 0) == t.not {
			return false
		}
	}
	return !q.Empty()
}

func TestWordsAreFoundInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed, text string
		want        bool
	}{
		{"facture", "Deux factures impayées", true}, {"factures", "La facture d’octobre", true}, {"facturation", "facturations", true},
		{"licences", "une licence de trop", true}, {"invoices", "the invoice of May", true}, {"invoice", "Invoices overdue", true},
		{"synchronisation", "la synchronisation s’arrête", true}, {"syncing", "it syncs", true},
		{"reunion", "Réunions Teams", true}, {"RÉUNION", "reunions", true}, {"élève", "ELEVES", true}, {"coeur", "au cœur du système", true},
		{"envoyée", "envoyees hier", true}, {"envoyer", "il a envoyé", true}, {"utilisateur", "l’utilisateur", true}, {"l'utilisateur", "Les utilisateurs de l'atelier", true},
		{"aujourd'hui", "Depuis aujourd’hui", true},
		{"0x80070005", "Erreur 0x80070005 (E_ACCESSDENIED)", true}, {"0X80070005", "erreur 0x80070005.", true}, {"0x8007000", "0x80070005", false},
		{"aadsts50076", "AADSTS50076: Due to a configuration change", true}, {"EX1234567", "voir EX1234567", true}, {"E_ACCESSDENIED", "(E_ACCESSDENIED)", true},
		{"lea@lumen.example", "écrire à Lea@Lumen.example.", true}, {"lumen.example", "lea@lumen.example", true}, {"lea@lumen.example", "lumen et lea", false},
		{"5.7.1", "550 5.7.1 denied", true}, {"5.7.1", "5.7.2", false}, {"TLS1.2", "TLS1.2", true}, {"e-mail", "un e-mail", true},
		{"3f2504e0-4f89-11d3-9a0c-0305e82c3301", "id 3F2504E0-4F89-11D3-9A0C-0305E82C3301 !", true}, {"facture_2026.pdf", "facture_2026.pdf", true},
		{`"boîte partagée"`, "les boîtes partagées", true}, {`"boîte partagée"`, "une boîte bien partagée", false}, {`"adresse de facturation"`, "l’adresse de facturation", true},
		{`"adresse de facturation"`, "l’adresse, la facturation", true}, // a small word is any small word
		{"teams -outlook", "Teams seul", true}, {"teams -outlook", "Teams et Outlook", false}, {"outlook,teams", "Teams, puis Outlook", true},
		{"«boîte partagée", "boîte partagée", true}, {"le la", "le la", false}, {"会議", "会議に参加できない", true}, {"", "x", false},
	} {
		if got := finds(c.typed, c.text); got != c.want {
			t.Errorf("%q in %q: %v", c.typed, c.text, got)
		}
	}
}

func TestWhatIsTypedIsTakenApart(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][]Piece{
		`customer:lumen status:open`:   {{Field: "customer", Value: "lumen"}, {Field: "status", Value: "open"}},
		`Échéance:<2h -état:fermé`:     {{Field: "echeance", Value: "<2h"}, {Not: true, Field: "etat", Value: "fermé"}},
		`client:"Hôtel du Lac" wifi`:   {{Field: "client", Value: "Hôtel du Lac", Quoted: true}, {Value: "wifi"}},
		`https://aka.ms/x 12:30 c:\\x`: {{Value: "https://aka.ms/x"}, {Value: "12:30"}, {Value: `c:\\x`}},
		`- -- "" : a: "`:               {{Value: "-", Not: true}, {Value: ":"}, {Value: "a:"}},
		`-"a b" “c d” « e f »`:         {{Not: true, Value: "a b", Quoted: true}, {Value: "c d", Quoted: true}, {Value: "e f", Quoted: true}},
	} {
		got := Pieces(typed)
		if len(got) != len(want) {
			t.Errorf("%s: %+v", typed, got)
			continue
		}
		for i := range got {
			if got[i].Name = ""; got[i] != want[i] {
				t.Errorf("%s: %+v, want %+v", typed, got[i], want[i])
			}
		}
	}
}

// Nothing that is typed breaks out of its quotes, nor names what only the desk sees.
func TestNothingTypedIsMoreThanWords(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		typed := rapid.OneOf(rapid.String(), rapid.StringMatching(`[-"'~!&|()<>:*\\a-cé ]{0,30}`)).Draw(r, "typed")
		var q Query
		for _, p := range Pieces(typed) {
			q.Add(p)
		}
		words, without := q.Terms(false)
		asked := q.String(false) + strings.Join(words, "&") + without
		words, without = q.Terms(true)
		for _, s := range []string{asked, q.String(true), strings.Join(words, "&"), without, Vector(Text{Body: typed, Weight: 'A'})} {
			for n, inside := range strings.Split(s, "'") {
				word := strings.TrimPrefix(inside, Inside)
				if n%2 == 1 && (word == "" || strings.IndexFunc(word, func(r rune) bool { return !inWord(r) }) >= 0) {
					r.Fatalf("%q in %s", inside, s)
				}
			}
		}
		if strings.Contains(asked, Inside) {
			r.Fatalf("%q asks for the desk's words: %s", typed, asked)
		}
		var back strings.Builder
		for _, p := range q.Mark(typed) {
			back.WriteString(p.Text)
		}
		if back.String() != typed {
			r.Fatalf("%q marked is %q", typed, back.String())
		}
		for _, p := range q.Snippet(typed, 20) {
			if utf8.ValidString(typed) && !utf8.ValidString(p.Text) {
				r.Fatalf("%q is cut within a letter: %q", typed, p.Text)
			}
		}
	})
}

func TestSnippetsShowWhereItStands(t *testing.T) {
	t.Parallel()
	var q Query
	q.Add(Piece{Value: "factures"})
	q.Add(Piece{Value: "lumen"})
	long := strings.Repeat("rien à voir ici, ", 40)
	text := long + "la facture <b>de</b> Lumen est fausse. " + long
	parts, n := q.Snippet(text, 120), q.Near(text, 120)
	var marked []string
	var whole strings.Builder
	for _, p := range parts {
		whole.WriteString(p.Text)
		if p.Marked {
			marked = append(marked, p.Text)
		}
	}
	if n != 2 || strings.Join(marked, " ") != "facture Lumen" || len(whole.String()) > 140 || !strings.HasPrefix(whole.String(), "… ") {
		t.Errorf("%d: %q", n, whole.String())
	}
	if parts, n := q.Snippet("tout autre chose", 120), q.Near("tout autre chose", 120); n != 0 || len(parts) != 1 {
		t.Errorf("%d: %v", n, parts)
	}
	endless := strings.Repeat("é", 300)
	q.Add(Piece{Value: endless})
	if parts := q.Snippet(strings.Repeat("x", 40)+" "+endless, 121); len(parts) != 3 || !parts[1].Marked || !utf8.ValidString(parts[1].Text) {
		t.Errorf("a word longer than what is shown: %+v", parts)
	}
}

// Whatever a text is made of, the words looked for are those that a reading of every
// word finds.
func TestNoWordIsPassedOver(t *testing.T) {
	t.Parallel()
	words := rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Ca-cé0-9œ\x{0301}会 .'-]{0,12}`), rapid.SampledFrom([]string{"Échéances", "echeance", "Œuvres", "oeuvre", "会議", "ＡＢＣ", "e\u0301cole", "5.7.1", "dying", "die"}))
	rapid.Check(t, func(r *rapid.T) {
		text := strings.Join(rapid.SliceOfN(words, 0, 12).Draw(r, "text"), rapid.SampledFrom([]string{" ", "", "\n"}).Draw(r, "between"))
		var q Query
		for _, p := range Pieces(words.Draw(r, "typed")) {
			q.Add(p)
		}
		var want []token
		for _, w := range tokens(text, len(text)) {
			if q.hits(w) {
				want = append(want, w)
			}
		}
		if got := q.sought(text); !slices.Equal(got, want) {
			r.Fatalf("%v in %q: %v, want %v", q, text, got, want)
		}
	})
}

func BenchmarkSnippets(b *testing.B) {
	var q Query
	q.Add(Piece{Value: "teams"})
	text := strings.Repeat("Bonjour, depuis ce matin plusieurs personnes de l’atelier n’entendent plus rien dans les réunions. L’image passe très bien. ", 8) + "Teams."
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		q.Near(text, 220)
	}
}
